using System.Buffers.Text;
using Millrace.Storage.Series.Query.Buckets;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>A measure, divided by a dimension that is read as a number or multiplied with it, compared with a constant.</summary>
/// <param name="Slot">Of the stored column, a Double.</param>
/// <param name="Dimension">Its number.</param>
/// <param name="Divides">Else it multiplies.</param>
/// <param name="How">One of the six comparisons.</param>
/// <param name="Constant">What it is compared with.</param>
internal sealed record ScaledTest(int Slot, int Dimension, bool Divides, Comparison How, double Constant)
{
    private const int MaxDigits = 15;

    /// <summary>The dimension as a number.</summary>
    /// <param name="text">In UTF-8.</param>
    /// <returns>Null where it is not certain that DuckDB reads the same: it is not plain digits.</returns>
    public static double? Factor(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > MaxDigits || text.ContainsAnyExceptInRange((byte)'.', (byte)'9') || text.Contains((byte)'/') || text[0] == '.' || text[^1] == '.') return null;
        return Utf8Parser.TryParse(text, out double by, out var read) && read == text.Length ? by : null;
    }

    /// <summary>Whether it holds.</summary>
    /// <param name="value">Of the measure.</param>
    /// <param name="by">Of the dimension.</param>
    /// <returns>Null where it is not certain that DuckDB computes the same: the result is no number.</returns>
    public bool? Holds(double value, double by)
    {
        var result = Divides ? value / by : value * by;
        if (!double.IsFinite(result)) return null;
        return How switch
        {
            Comparison.Equal => result == Constant,
            Comparison.NotEqual => result != Constant,
            Comparison.Less => result < Constant,
            Comparison.LessOrEqual => result <= Constant,
            Comparison.Greater => result > Constant,
            Comparison.GreaterOrEqual => result >= Constant,
            _ => null,
        };
    }
}
