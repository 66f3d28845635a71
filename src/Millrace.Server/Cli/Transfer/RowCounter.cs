namespace Millrace.Server.Cli.Transfer;

/// <summary>Counts the rows of a text that passes by: of CSV its lines outside of quotes, without the heading; of JSON Lines all lines.</summary>
internal sealed class RowCounter(bool isCsv)
{
    private long _lines;
    private bool _quoted;

    public long Rows => isCsv ? Math.Max(0, _lines - 1) : _lines;

    public void Add(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
        {
            if (b == '"') _quoted = isCsv && !_quoted;
            else if (b == '\n' && !_quoted) _lines++;
        }
    }
}
