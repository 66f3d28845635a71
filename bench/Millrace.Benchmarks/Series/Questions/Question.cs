using Millrace.Benchmarks.Series.Data;

namespace Millrace.Benchmarks.Series.Questions;

/// <summary>One query of the suite, for which each engine has its own words.</summary>
/// <param name="Name">As in <c>--queries</c>.</param>
/// <param name="Title">What it asks.</param>
/// <param name="Columns">Of the answer.</param>
internal sealed record Question(string Name, string Title, params ColumnKind[] Columns)
{
    /// <summary>It is about one fleet, a random one.</summary>
    public bool OfFleet { get; init; }

    /// <summary>It is about so many trucks, random ones.</summary>
    public int OfTrucks { get; init; }

    /// <summary>How long the random window of time is that it is about; zero: it is about all time, or the latest.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>The window is so many intervals long instead.</summary>
    public int WindowRows { get; init; }

    /// <summary>It looks at what is new only, or can be made to: what it costs must not grow with the history.</summary>
    public bool IsRecent { get; init; }

    public bool HasParameters => OfFleet || OfTrucks > 0 || Window > TimeSpan.Zero || WindowRows > 0;

    public long WindowSeconds(DataShape shape) => Math.Min(shape.Hours * 3600L, WindowRows > 0 ? (long)WindowRows * shape.IntervalSeconds : (long)Window.TotalSeconds);
}
