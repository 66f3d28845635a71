using System.Text;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Parts of a statement's text that are replaced. Places are UTF-8 bytes, as DuckDB counts them.</summary>
internal sealed class Splices
{
    private readonly SortedList<int, (int End, string Text)> _parts = [];

    public bool Any => _parts.Count > 0;

    /// <summary>Puts <paramref name="text"/> in the place of the bytes from <paramref name="at"/> to before <paramref name="end"/>; parts do not overlap.</summary>
    public void Replace(int at, int end, string text) => _parts[at] = (end, text);

    public void Add(Splices others)
    {
        foreach (var (at, part) in others._parts) _parts[at] = part;
    }

    public string Apply(ReadOnlySpan<byte> sql)
    {
        var text = new StringBuilder(sql.Length + 64);
        var from = 0;
        foreach (var (at, (end, part)) in _parts)
        {
            text.Append(Encoding.UTF8.GetString(sql[from..at])).Append(part);
            from = end;
        }

        return text.Append(Encoding.UTF8.GetString(sql[from..])).ToString();
    }

    /// <summary>Where a byte of the text with its parts replaced was before; of a replaced part, its beginning.</summary>
    public int Original(int position)
    {
        var moved = 0;
        foreach (var (at, (end, part)) in _parts)
        {
            if (position - moved < at) break;
            var length = Encoding.UTF8.GetByteCount(part);
            if (position - moved < at + length) return at;
            moved += length - (end - at);
        }

        return position - moved;
    }
}
