using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Millrace.Server.Api;

/// <summary>Reads the body of a query.</summary>
internal static class QueryBody
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <returns>Null where it is not JSON, or of another shape.</returns>
    public static async ValueTask<QueryRequest?> ReadAsync(PipeReader body, CancellationToken stop)
    {
        while (true)
        {
            var read = await body.ReadAsync(stop);
            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var request = Parse(read.Buffer);
            body.AdvanceTo(read.Buffer.End);
            return request;
        }
    }

    internal static QueryRequest? Parse(in ReadOnlySequence<byte> json)
    {
        var bytes = json.FirstSpan.StartsWith(ByteOrderMark) ? json.Slice(ByteOrderMark.Length) : json;
        try
        {
            if (OnlySql(bytes) is { } sql) return new QueryRequest(sql);
            var reader = new Utf8JsonReader(bytes);
            var request = JsonSerializer.Deserialize(ref reader, Answers.Default.QueryRequest);
            return reader.Read() ? null : request;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Most requests are no more than this, and a serializer does much for each.
    private static string? OnlySql(in ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("sql"u8)) return null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.String) return null;
        var sql = reader.GetString();
        return reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? sql : null;
    }
}
