using System.Buffers.Text;
using System.Text;
using Millrace.Contracts.Records;
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

    /// <summary>A UUID (version 4), another for each call of a message, and the same when the message is evaluated again.</summary>
    public static Value NewUuid(Expression[] arguments, scoped in Evaluation e) => Text(e, e.Context.Chance.NextUuid(e));

    /// <summary>From 0 to below 1; the same when the message is evaluated again.</summary>
    public static Value Rand(Expression[] arguments, scoped in Evaluation e) =>
        Value.Of(Number.TryOf(e.Context.Chance.NextDouble(e), out var number), number);

    /// <summary>The message's UUID, in every rule; Undefined where no client published it.</summary>
    public static Value TraceId(Expression[] arguments, scoped in Evaluation e) =>
        e.Key.IsEmpty ? Value.Undefined : Text(e, e.Context.Chance.MessageUuid(e));

    /// <summary>Who published: a certificate's id, or another name of the listener's; Undefined where the record does not tell.</summary>
    public static Value Principal(Expression[] arguments, scoped in Evaluation e) =>
        MessageProperties.TryGet(e.Properties, MessageProperty.Principal, out var text) ? Value.OfText(text) : Value.Undefined;

    /// <summary>The address of who published; Undefined where the record does not tell.</summary>
    public static Value SourceIp(Expression[] arguments, scoped in Evaluation e) =>
        MessageProperties.TryGet(e.Properties, MessageProperty.SourceAddress, out var text) ? Value.OfText(text) : Value.Undefined;

    /// <summary>Notes that records must carry who published them.</summary>
    public static FunctionBody BindPublisher(FunctionCall call)
    {
        call.Usage.UsesPublisher = true;
        return call.Function.Body;
    }

    /// <summary>A text that is the same for every message.</summary>
    public static FunctionBody Constant(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return (_, scoped in _) => Value.OfText(bytes);
    }

    private static Value Text(scoped in Evaluation e, Guid uuid)
    {
        var buffer = e.Context.TakeText();
        Utf8Formatter.TryFormat(uuid, buffer.GetSpan(36), out var length);
        buffer.Advance(length);
        return Value.OfText(buffer.Written);
    }
}
