using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Millrace.Flows.Errors;

/// <summary>What an error destination is told, as AWS's error action is.</summary>
internal static class ErrorText
{
    /// <summary>A message that becomes more records than this, all of which fail, is told with the first of them.</summary>
    private const int MostFailures = 100;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="flow">The rule's name.</param>
    /// <param name="topic">UTF-8, of the message.</param>
    /// <param name="payload">As published.</param>
    /// <param name="traceId">Of the message.</param>
    /// <param name="failures">All of one message; one that all destinations share counts once.</param>
    public static byte[] Of(string flow, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, Guid traceId, IEnumerable<FailureNote> failures)
    {
        var text = new ArrayBufferWriter<byte>(512 + (payload.Length * 4 / 3));
        using var json = new Utf8JsonWriter(text, Plain);
        var all = failures.DistinctBy(static note => note.InStatement ? (Lane: "", Record: -1) : (note.Lane, note.Record)).Take(MostFailures).ToArray();
        json.WriteStartObject();
        json.WriteString("ruleName"u8, flow);
        json.WriteString("topic"u8, Encoding.UTF8.GetString(topic));
        json.WriteString("cloudwatchTraceId"u8, traceId);
        json.WriteString("clientId"u8, all[0].ClientId);
        json.WriteBase64String("base64OriginalPayload"u8, payload);
        json.WriteStartArray("failures"u8);
        foreach (var failure in all)
        {
            json.WriteStartObject();
            json.WriteString("failedAction"u8, failure.Action);
            json.WriteString("failedResource"u8, failure.Resource);
            json.WriteString("errorMessage"u8, failure.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return text.WrittenSpan.ToArray();
    }

    /// <summary>The same for the same message each time it is told of.</summary>
    public static Guid TraceIdOf(string log, int partition, long offset)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{log}/{partition}/{offset}"), hash);

        // RFC 9562, 5.8: version 8, for what is made as one likes.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
