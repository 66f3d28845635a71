using System.Buffers.Text;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Functions of the message around the payload, and of nothing at all.</summary>
internal static class MessageFunctions
{
    /// <summary><c>topic()</c> whole, or its level <c>topic(n)</c> from 1; Undefined where it has no such level.</summary>
    public static Value Topic(Expression[] arguments, scoped in Evaluation e)
    {
        if (arguments.Length == 0) return Value.OfText(e.Topic);
        if (!Conversions.TryNumber(e, arguments[0].Evaluate(e), out var number)) return Value.Undefined;
        if (!NumberRounding.Floor(number).TryToLong(out var level) || level < 1) return Value.Undefined;
        var rest = e.Topic;
        for (; level > 1; level--)
        {
            var slash = rest.IndexOf((byte)'/');
            if (slash < 0) return Value.Undefined;
            rest = rest[(slash + 1)..];
        }

        var end = rest.IndexOf((byte)'/');
        return Value.OfText(end < 0 ? rest : rest[..end]);
    }

    /// <summary>The record's key; <c>n/a</c> where there is none.</summary>
    public static Value ClientId(Expression[] arguments, scoped in Evaluation e) => Value.OfText(e.Key.IsEmpty ? "n/a"u8 : e.Key);

    /// <summary>Milliseconds since 1970 at which the message arrived.</summary>
    public static Value Timestamp(Expression[] arguments, scoped in Evaluation e) => Value.Of(Number.Of(e.TimestampMs));

    /// <summary>A random UUID (version 4).</summary>
    public static Value NewUuid(Expression[] arguments, scoped in Evaluation e)
    {
        Span<byte> bytes = stackalloc byte[16];
        e.Context.Random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        var buffer = e.Context.TakeText();
        Utf8Formatter.TryFormat(new Guid(bytes, bigEndian: true), buffer.GetSpan(36), out var length);
        buffer.Advance(length);
        return Value.OfText(buffer.Written);
    }
}
