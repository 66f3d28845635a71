using System.Text;

namespace Millrace.Server.Writes;

/// <summary>The fields of one line of a CSV (RFC 4180), without copies but for fields with doubled quotes. Used again for each line.</summary>
internal sealed class CsvLine
{
    private readonly int[] _starts = new int[CsvShape.MaxColumns];
    private readonly int[] _lengths = new int[CsvShape.MaxColumns];
    private readonly bool[] _quoted = new bool[CsvShape.MaxColumns];
    private byte[] _unescaped = new byte[256];
    private int _unescapedUsed;

    public int Count { get; private set; }

    /// <summary>Whether the field stood in quotes: then empty is an empty text, and not nothing.</summary>
    public bool IsQuoted(int field) => _quoted[field];

    public ReadOnlySpan<byte> Field(ReadOnlySpan<byte> text, int field)
    {
        var start = _starts[field];
        return start >= 0 ? text.Slice(start, _lengths[field]) : _unescaped.AsSpan(~start, _lengths[field]);
    }

    /// <summary>Splits the line at the beginning of a text.</summary>
    /// <param name="text">What <see cref="Field"/> gets too.</param>
    /// <param name="length">Of the line, its end included.</param>
    /// <param name="breaks">Ends of lines within it, in quotes.</param>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public string? Read(ReadOnlySpan<byte> text, out int length, out int breaks)
    {
        Count = 0;
        _unescapedUsed = 0;
        breaks = 0;
        string? wrong = null;
        for (var at = 0; ;)
        {
            var start = at;
            if (at < text.Length && text[at] == '"')
            {
                wrong ??= Quoted(text, ref at, ref breaks);
                if (at < text.Length && text[at] is not ((byte)',' or (byte)'\n' or (byte)'\r')) wrong ??= "there is text behind the quotes of a field";
                while (at < text.Length && text[at] is not ((byte)',' or (byte)'\n')) at++;
            }
            else
            {
                while (at < text.Length && text[at] is not ((byte)',' or (byte)'\n')) at++;
                var end = at > start && text[at - 1] == '\r' && (at == text.Length || text[at] == '\n') ? at - 1 : at;
                Add(start, end - start, quoted: false);
            }

            if (at < text.Length && text[at] == ',')
            {
                at++;
                continue;
            }

            length = Math.Min(at + 1, text.Length);
            return wrong ?? (Count > CsvShape.MaxColumns ? $"it has more than {CsvShape.MaxColumns} fields" : null);
        }
    }

    /// <summary>The names in a header.</summary>
    /// <returns>Null where the line is no header.</returns>
    public static IReadOnlyList<string>? Names(ReadOnlySpan<byte> header)
    {
        if (header.StartsWith(Encoding.UTF8.Preamble)) header = header[Encoding.UTF8.Preamble.Length..];
        var line = new CsvLine();
        if (line.Read(header, out _, out _) is not null) return null;
        var names = new string[line.Count];
        for (var i = 0; i < names.Length; i++) names[i] = Encoding.UTF8.GetString(line.Field(header, i)).Trim();
        return names.Any(static name => name.Length == 0) ? null : names;
    }

    private string? Quoted(ReadOnlySpan<byte> text, ref int at, ref int breaks)
    {
        var start = ++at;
        var doubled = false;
        for (; at < text.Length; at++)
        {
            if (text[at] == '\n') breaks++;
            if (text[at] != '"') continue;
            if (at + 1 < text.Length && text[at + 1] == '"')
            {
                doubled = true;
                at++;
                continue;
            }

            if (doubled) AddUnescaped(text[start..at]);
            else Add(start, at - start, quoted: true);
            at++;
            return null;
        }

        return "a quote is not closed";
    }

    private void AddUnescaped(ReadOnlySpan<byte> raw)
    {
        if (_unescaped.Length - _unescapedUsed < raw.Length) Array.Resize(ref _unescaped, Math.Max(_unescaped.Length * 2, _unescapedUsed + raw.Length));
        var from = _unescapedUsed;
        for (var i = 0; i < raw.Length; i++)
        {
            _unescaped[_unescapedUsed++] = raw[i];
            if (raw[i] == '"') i++;
        }

        Add(~from, _unescapedUsed - from, quoted: true);
    }

    private void Add(int start, int length, bool quoted)
    {
        if (Count < CsvShape.MaxColumns) (_starts[Count], _lengths[Count], _quoted[Count]) = (start, length, quoted);
        Count++;
    }
}
