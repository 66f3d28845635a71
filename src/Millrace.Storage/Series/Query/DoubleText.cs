using System.Buffers.Text;

namespace Millrace.Storage.Series.Query;

/// <summary>Doubles as text, quickly where they are what people and sensors write: a whole number with a few decimals.</summary>
internal static class DoubleText
{
    /// <summary>What <see cref="TryWrite"/> writes at most.</summary>
    public const int MaxLength = 20;

    /// <summary>Numbers of fewer digits than a double tells apart: no two of them are the same double, so that the one found is the shortest text too.</summary>
    private const double Largest = 1e15;
    private static readonly double[] Powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

    /// <summary>Writes the shortest text that is read as the same double again.</summary>
    /// <param name="value">Any.</param>
    /// <param name="text">Receives it, in UTF-8.</param>
    /// <returns>How many bytes; 0 where it is none with up to eight decimals: nothing is written then.</returns>
    public static int TryWrite(double value, Span<byte> text)
    {
        // Less would be written with an exponent, and of zero there are two.
        var size = Math.Abs(value);
        if (!(size is >= 1e-4 and < Largest)) return 0;

        // Most others, means above all, show at once.
        var most = Math.Round(size * Powers[^1]);
        if (most < Largest && most / Powers[^1] != size) return 0;
        for (var decimals = 0; decimals < Powers.Length; decimals++)
        {
            var scaled = Math.Round(size * Powers[decimals]);
            if (scaled >= Largest) return 0;

            // Both are exact, so this is the double that is nearest to the decimal number.
            if (scaled / Powers[decimals] == size) return Write((long)scaled, decimals, value < 0, text);
        }

        return 0;
    }

    private static int Write(long digits, int decimals, bool negative, Span<byte> text)
    {
        var at = 0;
        if (negative) text[at++] = (byte)'-';
        var (whole, rest) = decimals == 0 ? (digits, 0) : Math.DivRem(digits, (long)Powers[decimals]);
        Utf8Formatter.TryFormat(whole, text[at..], out var written);
        at += written;
        if (decimals == 0) return at;
        text[at] = (byte)'.';
        for (var i = decimals; i > 0; i--)
        {
            (rest, var digit) = Math.DivRem(rest, 10);
            text[at + i] = (byte)('0' + digit);
        }

        return at + decimals + 1;
    }
}
