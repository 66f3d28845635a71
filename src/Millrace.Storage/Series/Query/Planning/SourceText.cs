using System.Text;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>The text of a statement in UTF-8, to find where things end of which the tree says where they begin. What is not plain is not found.</summary>
internal sealed class SourceText(string sql)
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(sql);

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The end of <c>database.table</c> that begins at a place, each perhaps in quotes; -1 where there is something else.</summary>
    public int EndOfTable(int at, string database, string table)
    {
        at = EndOfName(at, database);
        if (at < 0 || At(at) != '.') return -1;
        return EndOfName(at + 1, table);
    }

    /// <summary>Of <c>name(…)</c> that begins at a place, the place of the opening parenthesis and the one behind the closing.</summary>
    public bool FindCall(int at, string name, out int open, out int end)
    {
        (open, end) = (-1, -1);
        if (at + name.Length > _bytes.Length || !Encoding.UTF8.GetString(_bytes, at, name.Length).Equals(name, StringComparison.OrdinalIgnoreCase)) return false;
        open = SkipSpace(at + name.Length);
        if (At(open) != '(') return false;
        end = Close(open);
        return end > 0;
    }

    public bool IsAt(int at, char letter) => At(at) == letter;

    /// <summary>Where a word begins behind which, but for space, something stands; -1 where there is another.</summary>
    public int BeginOfWordBefore(int at, string word)
    {
        while (at > 0 && IsSpace(_bytes[at - 1])) at--;
        at -= word.Length;
        return at > 0 && Encoding.UTF8.GetString(_bytes, at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase) && !IsNameLetter(At(at - 1)) ? at : -1;
    }

    public string Text(int from, int end) => Encoding.UTF8.GetString(_bytes, from, end - from);

    private char At(int at) => at < _bytes.Length ? (char)_bytes[at] : '\0';

    private int SkipSpace(int at)
    {
        while (at < _bytes.Length && IsSpace(_bytes[at])) at++;
        return at;
    }

    /// <summary>The end of a name that begins at a place, perhaps in quotes; -1 where there is something else.</summary>
    public int EndOfName(int at, string name)
    {
        var quoted = At(at) == '"';
        if (quoted) at++;
        var length = Encoding.UTF8.GetByteCount(name);
        if (at + length > _bytes.Length || !Encoding.UTF8.GetString(_bytes, at, length).Equals(name, StringComparison.OrdinalIgnoreCase)) return -1;
        at += length;
        if (quoted) return At(at) == '"' ? at + 1 : -1;
        return IsNameLetter(At(at)) ? -1 : at;
    }

    private static bool IsSpace(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private static bool IsNameLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$';

    private int Close(int open)
    {
        var depth = 0;
        for (var at = open; at < _bytes.Length; at++)
        {
            switch ((char)_bytes[at])
            {
                case '(':
                    depth++;
                    break;
                case ')':
                    if (--depth == 0) return at + 1;
                    break;
                case '\'' or '"':
                    var quote = _bytes[at];
                    for (at++; at < _bytes.Length && _bytes[at] != quote; at++)
                        if (_bytes[at] == '\\') return -1;
                    break;
                case '$' or '\\':
                case '-' when At(at + 1) == '-':
                case '/' when At(at + 1) == '*':
                    return -1;
            }
        }

        return -1;
    }
}
