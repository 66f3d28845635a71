using System.Buffers.Text;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>Decimals as text: what a double with so many places reads as, without looking for its shortest form.</summary>
internal static class NumberText
{
    private static readonly double[] Powers = [1, 10, 100, 1000, 10_000, 100_000];

    /// <returns>Bytes written.</returns>
    public static int Write(double value, int decimals, Span<byte> into)
    {
        var scaled = (long)Math.Round(value * Powers[decimals]);
        var at = 0;
        if (scaled < 0)
        {
            into[at++] = (byte)'-';
            scaled = -scaled;
        }

        var (whole, rest) = Math.DivRem(scaled, (long)Powers[decimals]);
        Utf8Formatter.TryFormat(whole, into[at..], out var written);
        at += written;
        if (rest == 0) return at;
        into[at++] = (byte)'.';
        for (var i = decimals - 1; i >= 0 && rest > 0; i--)
        {
            (var digit, rest) = Math.DivRem(rest, (long)Powers[i]);
            into[at++] = (byte)('0' + digit);
        }

        return at;
    }
}
