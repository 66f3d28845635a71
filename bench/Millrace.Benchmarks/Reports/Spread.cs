using System.Globalization;

namespace Millrace.Benchmarks.Reports;

/// <summary>The median of some rounds, and what lies around it.</summary>
internal readonly record struct Spread(double Median, double Least, double Most, int Count)
{
    /// <summary>Null where no round has a value.</summary>
    public static Spread? Of(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToArray();
        if (sorted.Length == 0) return null;
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1], sorted.Length);
    }

    public override string ToString() => Count == 1 ? Figure(Median) : $"{Figure(Median)} ({Figure(Least)}–{Figure(Most)})";

    /// <summary>Three digits that count.</summary>
    private static string Figure(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "N0", >= 10 => "N1", _ => "N2" }, CultureInfo.InvariantCulture);
}
