using System.Buffers;
using System.Text.Json;
using Millrace.Server.Api;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary><c>{"columns":[{"name","type"}],"rows":[[…]],"truncated","complete"}</c>; where it breaks off, <c>"error"</c> in place of the last two.</summary>
internal sealed class JsonRows(IBufferWriter<byte> output) : IRowWriter
{
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions { SkipValidation = true });
    private bool _begun;

    public void Write(QueryResult part)
    {
        if (!_begun)
        {
            _begun = true;
            _json.WriteStartObject();
            part.WriteColumnsTo(_json);
            _json.WriteStartArray("rows");
        }

        _json.Flush();
        if (part.TryWriteRowsTo(output)) return;
        part.WriteRowsTo(_json);
        _json.Flush();
    }

    public void End(QueryEnd end, bool complete)
    {
        _json.WriteEndArray();
        _json.WriteBoolean("truncated", end.Truncated);
        _json.WriteBoolean("complete", complete);
        _json.WriteEndObject();
        _json.Flush();
    }

    public bool Fail(ApiError error)
    {
        _json.WriteEndArray();
        _json.WritePropertyName("error");
        JsonSerializer.Serialize(_json, error, Answers.Default.ApiError);
        _json.WriteEndObject();
        _json.Flush();
        return true;
    }
}
