using System.Text;

namespace Millrace.Devices.Policies;

/// <summary>Patterns of policies over UTF-8: bytes that stand for themselves, and two that occur in no UTF-8 text.</summary>
internal static class Glob
{
    /// <summary>Any run of characters, also none.</summary>
    public const byte Run = 0xFF;

    /// <summary>One character.</summary>
    public const byte One = 0xFE;

    /// <summary>Whether a whole text fits.</summary>
    /// <remarks>
    /// Where a run does not lead on, only the latest one is made longer: a pattern of m bytes and a text of n cost at most m times n steps, whatever they are.
    /// </remarks>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        var (p, t) = (0, 0);
        var (run, from) = (-1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == Run)
            {
                (run, from) = (++p, t);
                if (p == pattern.Length) return true;
            }
            else if (p < pattern.Length && pattern[p] == One)
            {
                p++;
                t += CharacterLength(text[t..]);
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (run >= 0)
            {
                from += CharacterLength(text[from..]);
                (p, t) = (run, from);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept(Run) < 0;
    }

    /// <summary>What a text must fit after a prefix so that the whole fits the pattern: any one of the results.</summary>
    /// <remarks>A result that only an empty text fits is left out: nothing has an empty name.</remarks>
    public static IEnumerable<byte[]> After(byte[] pattern, ReadOnlySpan<byte> prefix)
    {
        var at = new SortedSet<int> { 0 };
        foreach (var c in prefix)
        {
            var next = new SortedSet<int>();
            foreach (var p in WithRunsSkipped(at, pattern))
            {
                if (p == pattern.Length) continue;
                if (pattern[p] == Run) next.Add(p);
                else if (pattern[p] == One || pattern[p] == c) next.Add(p + 1);
            }

            at = next;
        }

        return at.Where(p => p < pattern.Length).Select(p => pattern[p..]);
    }

    /// <summary>Fits any text.</summary>
    public static bool IsAnything(ReadOnlySpan<byte> pattern) => !pattern.IsEmpty && pattern.IndexOfAnyExcept(Run) < 0;

    /// <summary>As a person writes it.</summary>
    public static string TextOf(ReadOnlySpan<byte> pattern)
    {
        var text = new StringBuilder();
        while (!pattern.IsEmpty)
        {
            var literal = pattern.IndexOfAny(Run, One) is >= 0 and var end ? end : pattern.Length;
            text.Append(Encoding.UTF8.GetString(pattern[..literal]));
            if (literal < pattern.Length) text.Append(pattern[literal++] == Run ? '*' : '?');
            pattern = pattern[literal..];
        }

        return text.ToString();
    }

    private static SortedSet<int> WithRunsSkipped(SortedSet<int> positions, byte[] pattern)
    {
        var all = new SortedSet<int>();
        foreach (var position in positions)
            for (var p = position; all.Add(p) && p < pattern.Length && pattern[p] == Run; p++) { }
        return all;
    }

    private static int CharacterLength(ReadOnlySpan<byte> text) =>
        Rune.DecodeFromUtf8(text, out _, out var length) == System.Buffers.OperationStatus.Done ? length : 1;
}
