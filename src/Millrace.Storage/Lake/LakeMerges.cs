using System.Text;

namespace Millrace.Storage.Lake;

/// <summary>Which files of a folder were put together into which: lines of names, that of the whole first. So that a replay knows the small ones, and a crash leaves nothing twice.</summary>
/// <remarks>A line counts from when the file it begins with is there, or was itself put into another that is. Before, the small ones are all there.</remarks>
internal sealed class LakeMerges
{
    private readonly List<(string Whole, string[] Parts)> _lines = [];

    /// <summary>Names of files that count as put together, and those of the files they are in.</summary>
    public IReadOnlySet<string> Wholes => _lines.Select(static line => line.Whole).ToHashSet(StringComparer.Ordinal);

    public IEnumerable<string> Parts => _lines.SelectMany(static line => line.Parts);

    /// <param name="text">What was kept.</param>
    /// <param name="present">Names of the files in the folder.</param>
    /// <exception cref="InvalidDataException">It is no list.</exception>
    public static LakeMerges Parse(ReadOnlySpan<byte> text, IReadOnlySet<string> present)
    {
        var merges = new LakeMerges();
        var lines = Encoding.UTF8.GetString(text).Split('\n');
        if (lines[^1].Length > 0) throw new InvalidDataException("its last line has no end");
        var count = new HashSet<string>(present, StringComparer.Ordinal);

        // What is put together later stands further down: from the end, each whole is known before its parts.
        foreach (var line in lines[..^1].Reverse())
        {
            var names = line.Split(' ');
            if (names.Length < 3 || names.Contains("")) throw new InvalidDataException("one of its lines has not a name and two more");
            if (!count.Contains(names[0])) continue;
            count.UnionWith(names[1..]);
            merges._lines.Insert(0, (names[0], names[1..]));
        }

        return merges;
    }

    public void Add(string whole, IEnumerable<string> parts) => _lines.Add((whole, [.. parts]));

    public byte[] Text() => Encoding.UTF8.GetBytes(string.Concat(_lines.Select(static line => $"{line.Whole} {string.Join(' ', line.Parts)}\n")));
}
