using System.Text;
using System.Text.Json;

namespace Millrace.Server.Reference;

/// <summary>RFC 4180: cells between commas, in double quotes where they hold commas, quotes or line ends.</summary>
internal sealed class CsvReader(string text)
{
    private int _at;
    private int _next = 1;

    /// <summary>Where the row that was read last begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The next row that is not empty.</summary>
    /// <exception cref="FormatException">A quote is not closed, or something stands behind one.</exception>
    public bool TryRow(out List<string> cells)
    {
        while (_at < text.Length && text[_at] is '\r' or '\n') Skip();
        cells = [];
        if (_at == text.Length) return false;
        Line = _next;
        while (true)
        {
            cells.Add(_at < text.Length && text[_at] == '"' ? Quoted() : Plain());
            if (_at == text.Length || text[_at] is '\r' or '\n') return true;
            _at++;
            if (_at < text.Length) continue;
            cells.Add("");
            return true;
        }
    }

    /// <summary>A cell as JSON: numbers, true and false as such, nothing at all as null, and all else as text. A number that JSON would not write (007) is text.</summary>
    public static void Write(Utf8JsonWriter writer, string name, string cell)
    {
        writer.WritePropertyName(name);
        if (cell.Length == 0) writer.WriteNullValue();
        else if (cell is "true" or "false") writer.WriteBooleanValue(cell == "true");
        else if ((char.IsAsciiDigit(cell[0]) || cell[0] == '-') && IsNumber(cell)) writer.WriteRawValue(cell);
        else writer.WriteStringValue(cell);
    }

    private static bool IsNumber(string cell)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(cell));
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Skip()
    {
        if (text[_at++] == '\n') _next++;
    }

    private string Plain()
    {
        var end = text.AsSpan(_at).IndexOfAny(",\r\n");
        var cell = end < 0 ? text[_at..] : text.Substring(_at, end);
        _at += cell.Length;
        return cell;
    }

    private string Quoted()
    {
        var cell = new StringBuilder();
        for (_at++; _at < text.Length;)
        {
            if (text[_at] != '"')
            {
                cell.Append(text[_at]);
                Skip();
            }
            else if (_at + 1 < text.Length && text[_at + 1] == '"')
            {
                cell.Append('"');
                _at += 2;
            }
            else
            {
                _at++;
                if (_at < text.Length && text[_at] is not (',' or '\r' or '\n')) throw new FormatException($"line {Line}: something stands behind a closing quote");
                return cell.ToString();
            }
        }

        throw new FormatException($"line {Line}: a quote is not closed");
    }
}
