using System.Buffers;
using Millrace.Contracts.Records;
using Millrace.Sql.Payload;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>MQTT 5 properties of the message. Where there is no such property they are Undefined.</summary>
internal static class PropertyFunctions
{
    /// <summary><c>format_indicator</c>, <c>content_type</c>, <c>response_topic</c>, or <c>correlation_data</c> (as base64).</summary>
    public static Value Property(Expression[] arguments, scoped in Evaluation e)
    {
        if (!Arguments.TryText(arguments, 0, e, out var name)) return Value.Undefined;
        var id = name switch
        {
            _ when name.SequenceEqual("format_indicator"u8) => MessageProperty.PayloadFormat,
            _ when name.SequenceEqual("content_type"u8) => MessageProperty.ContentType,
            _ when name.SequenceEqual("response_topic"u8) => MessageProperty.ResponseTopic,
            _ when name.SequenceEqual("correlation_data"u8) => MessageProperty.CorrelationData,
            _ => (byte)0,
        };
        if (id == 0 || !MessageProperties.TryGet(e.Properties, id, out var value)) return Value.Undefined;
        return id switch
        {
            MessageProperty.PayloadFormat => Value.OfText(value[0] == 1 ? "UTF8_DATA"u8 : "UNSPECIFIED_BYTES"u8),
            MessageProperty.CorrelationData => Base64Text.Encode(e, value),
            _ => Value.OfText(value),
        };
    }

    /// <summary>The values of a user property, in order; without a name all of them, each as an object of its own.</summary>
    public static Value User(Expression[] arguments, scoped in Evaluation e)
    {
        ReadOnlySpan<byte> wanted = default;
        var all = arguments.Length == 0;
        if (!all && !Arguments.TryText(arguments, 0, e, out wanted)) return Value.Undefined;
        if (!e.Context.HasRoom(6 * e.Properties.Length)) return Value.Undefined;
        var buffer = e.Context.TakeText();
        buffer.Write("["u8);
        var each = new MessageProperties(e.Properties);
        while (each.Next())
        {
            if (each.Id != MessageProperty.UserProperty || (!all && !each.Name.SequenceEqual(wanted))) continue;
            if (buffer.Length > 1) buffer.Write(","u8);
            if (all)
            {
                buffer.Write("{"u8);
                JsonText.WriteQuoted(buffer, each.Name);
                buffer.Write(":"u8);
            }

            JsonText.WriteQuoted(buffer, each.Value);
            if (all) buffer.Write("}"u8);
        }

        if (buffer.Length == 1) return Value.Undefined;
        buffer.Write("]"u8);
        return Value.OfArray(buffer.Written);
    }
}
