using System.Buffers;
using System.Globalization;
using System.Text;
using Millrace.Server.Api;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary>RFC 4180 with a heading. Nothing stands for null, <c>""</c> for an empty text. Where it breaks off, the last line begins with <c># error:</c>.</summary>
internal sealed class CsvRows(IBufferWriter<byte> output) : IRowWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    private readonly StringBuilder _text = new();
    private bool _begun;

    public void Write(QueryResult part)
    {
        if (!_begun)
        {
            _begun = true;
            Line(part.Columns.Select(static column => (object?)column.Name));
        }

        foreach (var row in part.Rows()) Line(row);
        Encoding.UTF8.GetBytes(_text.ToString(), output);
        _text.Clear();
    }

    public void End(QueryEnd end, bool complete)
    {
    }

    public bool Fail(ApiError error)
    {
        Encoding.UTF8.GetBytes($"# error: {error.Message.ReplaceLineEndings(" ")}\n", output);
        return false;
    }

    private void Line(IEnumerable<object?> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first) _text.Append(',');
            first = false;
            Cell(cell);
        }

        _text.Append('\n');
    }

    private void Cell(object? cell)
    {
        switch (cell)
        {
            case null:
                return;
            case bool flag:
                _text.Append(flag ? "true" : "false");
                return;
            case string { Length: 0 }:
                _text.Append("\"\"");
                return;
            case string text when text.AsSpan().ContainsAny(Special):
                _text.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
                return;
            default:
                _text.Append(CultureInfo.InvariantCulture, $"{cell}");
                return;
        }
    }
}
