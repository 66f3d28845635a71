using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using Millrace.Contracts.Records;

namespace Millrace.Connectors.Redis;

/// <summary>Writes the commands of actions, for one record after the other.</summary>
internal sealed class RedisCommands(IReadOnlyList<RedisAction> actions)
{
    /// <summary>Redis would take more; a key this long is a mistake.</summary>
    private const int MaxKey = 8 * 1024;

    private const int LongestNumber = 20;

    private readonly ArrayBufferWriter<byte> _key = new(128);
    private readonly ArrayBufferWriter<byte> _detail = new(128);
    private readonly ArrayBufferWriter<byte> _value = new(1024);
    private readonly ArrayBufferWriter<byte> _record = new(4096);

    /// <summary>All commands of one record, or none.</summary>
    /// <param name="origin">The message as published: the templates' values.</param>
    /// <param name="output">What the statement made of it.</param>
    /// <param name="into">Gets the commands.</param>
    /// <param name="why">Names the field and the rule where there are none.</param>
    /// <returns>How many commands; 0 where the record is to be refused.</returns>
    public int Write(in Record origin, ReadOnlySpan<byte> output, IBufferWriter<byte> into, out string why)
    {
        why = "";
        _record.ResetWrittenCount();
        var count = 0;
        foreach (var action in actions)
        {
            if (!TryRender(action, origin, output, out var value, out why)) return 0;
            count += Write(action, _key.WrittenSpan, _detail.WrittenSpan, value);
        }

        into.Write(_record.WrittenSpan);
        return count;
    }

    /// <summary>Commands that change nothing and answer with an error where those of the record itself did: for when their answers were lost.</summary>
    /// <remarks>What comes back goes through <see cref="OfProbe"/>.</remarks>
    public int Probe(in Record origin, ReadOnlySpan<byte> output, IBufferWriter<byte> into, out string why)
    {
        why = "";
        _record.ResetWrittenCount();
        var count = 0;
        foreach (var action in actions)
        {
            if (!TryRender(action, origin, output, out _, out why)) return 0;
            if (action.Verb is RedisVerb.Set or RedisVerb.Publish) continue;
            Begin(
                action.Verb == RedisVerb.Incr ? 4 : 2,
                action.Verb switch { RedisVerb.Incr => "GETRANGE"u8, RedisVerb.Hset => "HLEN"u8, RedisVerb.Lpush => "LLEN"u8, RedisVerb.Zadd => "ZCARD"u8, _ => "XLEN"u8 });
            Argument(_key.WrittenSpan);
            if (action.Verb == RedisVerb.Incr)
            {
                Argument(0);
                Argument(LongestNumber);
            }

            count++;
        }

        into.Write(_record.WrittenSpan);
        return count;
    }

    /// <summary>Only what counters are asked answers with a text: one that is no number could not be counted up.</summary>
    public static RedisReply OfProbe(RedisReply reply) =>
        reply.Kind == RespKind.Bulk && reply.Text.Length > 0 && !long.TryParse(reply.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? new RedisReply(RespKind.Error, 0, "ERR value is not an integer or out of range")
            : reply;

    private bool TryRender(RedisAction action, in Record origin, ReadOnlySpan<byte> output, out ReadOnlySpan<byte> value, out string why)
    {
        value = output;
        _key.ResetWrittenCount();
        _detail.ResetWrittenCount();
        _value.ResetWrittenCount();
        var name = action.Verb.ToString().ToLowerInvariant();
        if (!action.Key.TryRender(origin, _key, out var reason)) why = $"{name}: the key: {reason}";
        else if (_key.WrittenCount is 0 or > MaxKey) why = $"{name}: the key has {_key.WrittenCount} bytes; 1 to {MaxKey} are allowed";
        else if (action.Detail is { } detail && !detail.TryRender(origin, _detail, out reason)) why = $"{name}: {reason}";
        else if (action.Value is { } text && !text.TryRender(origin, _value, out reason)) why = $"{name}: the value: {reason}";
        else why = Wrong(action, _detail.WrittenSpan);
        if (action.Value is not null) value = _value.WrittenSpan;
        return why.Length == 0;
    }

    private static string Wrong(RedisAction action, ReadOnlySpan<byte> detail) => action.Verb switch
    {
        RedisVerb.Incr when action.Detail is not null && !(Utf8Parser.TryParse(detail, out long _, out var used) && used == detail.Length) =>
            "incr: by is not a whole number for this record",
        RedisVerb.Zadd when !(double.TryParse(detail, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && double.IsFinite(score)) =>
            "zadd: the score is not a number for this record",
        _ => "",
    };

    private int Write(RedisAction action, ReadOnlySpan<byte> key, ReadOnlySpan<byte> detail, ReadOnlySpan<byte> value)
    {
        switch (action.Verb)
        {
            case RedisVerb.Set:
                Begin(action.Expire is null ? 3 : 5, "SET"u8);
                Argument(key);
                Argument(value);
                if (action.Expire is not { } lifetime) return 1;
                Argument("PX"u8);
                Argument((long)lifetime.TotalMilliseconds);
                return 1;
            case RedisVerb.Incr:
                Begin(3, "INCRBY"u8);
                Argument(key);
                Argument(action.Detail is null ? "1"u8 : detail);
                break;
            case RedisVerb.Publish:
                Begin(3, "PUBLISH"u8);
                Argument(key);
                Argument(value);
                return 1;
            case RedisVerb.Hset:
                Begin(4, "HSET"u8);
                Argument(key);
                Argument(detail);
                Argument(value);
                break;
            case RedisVerb.Lpush:
                Begin(3, "LPUSH"u8);
                Argument(key);
                Argument(value);
                break;
            case RedisVerb.Zadd:
                Begin(4, "ZADD"u8);
                Argument(key);
                Argument(detail);
                Argument(value);
                break;
            default:
                Begin(action.Keep is null ? 5 : 8, "XADD"u8);
                Argument(key);
                if (action.Keep is { } about)
                {
                    Argument("MAXLEN"u8);
                    Argument("~"u8);
                    Argument(about);
                }

                Argument("*"u8);
                Argument("payload"u8);
                Argument(value);
                break;
        }

        return 1 + Trim(action, key) + Expire(action, key);
    }

    private int Trim(RedisAction action, ReadOnlySpan<byte> key)
    {
        if (action.Keep is not { } keep || action.Verb is not (RedisVerb.Lpush or RedisVerb.Zadd)) return 0;
        Begin(4, action.Verb == RedisVerb.Lpush ? "LTRIM"u8 : "ZREMRANGEBYRANK"u8);
        Argument(key);
        Argument(0);
        Argument(action.Verb == RedisVerb.Lpush ? keep - 1 : -keep - 1);
        return 1;
    }

    private int Expire(RedisAction action, ReadOnlySpan<byte> key)
    {
        if (action.Expire is not { } lifetime) return 0;
        Begin(3, "PEXPIRE"u8);
        Argument(key);
        Argument((long)lifetime.TotalMilliseconds);
        return 1;
    }

    private void Begin(int arguments, ReadOnlySpan<byte> name)
    {
        RespWriter.Begin(_record, arguments);
        RespWriter.Argument(_record, name);
    }

    private void Argument(ReadOnlySpan<byte> value) => RespWriter.Argument(_record, value);

    private void Argument(long value) => RespWriter.Argument(_record, value);
}
