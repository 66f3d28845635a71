using System.Buffers;
using System.Text.Json;
using Millrace.Server.Api;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary>An object a row. Where it breaks off, the last line is <c>{"error":{…}}</c>.</summary>
internal sealed class JsonLines(IBufferWriter<byte> output) : IRowWriter
{
    private readonly Utf8JsonWriter _json = new(output);
    private JsonEncodedText[] _names = [];

    public void Write(QueryResult part)
    {
        if (_names.Length == 0) _names = [.. ColumnNames.Unique(part.Columns).Select(static name => JsonEncodedText.Encode(name))];
        part.WriteObjectsTo(_names, _json, EndLine);
    }

    public void End(QueryEnd end, bool complete)
    {
    }

    public bool Fail(ApiError error)
    {
        _json.WriteStartObject();
        _json.WritePropertyName("error");
        JsonSerializer.Serialize(_json, error, Answers.Default.ApiError);
        _json.WriteEndObject();
        _json.Flush();
        EndLine();
        return false;
    }

    private void EndLine() => output.Write("\n"u8);
}
