namespace Millrace.Benchmarks.Series.Data;

/// <summary>A table of the suite.</summary>
/// <param name="Name">Also of its place in <see cref="All"/>.</param>
/// <param name="Columns">Measures, in the order of a row's values.</param>
internal sealed record TruckTable(string Name, params TruckColumn[] Columns)
{
    public static TruckTable Readings { get; } = new(
        "readings", new("latitude", 5), new("longitude", 5), new("elevation", 0), new("velocity", 0), new("heading", 0), new("grade", 0), new("fuel_consumption", 1));

    public static TruckTable Diagnostics { get; } = new("diagnostics", new("fuel_state", 1), new("current_load", 0), new("status", 0, IsInteger: true));

    public static IReadOnlyList<TruckTable> All { get; } = [Readings, Diagnostics];
}

/// <summary>A measure.</summary>
/// <param name="Name">Of the column.</param>
/// <param name="Decimals">Places that its values have at most.</param>
/// <param name="IsInteger">A bigint; else a double, also where it has no decimals.</param>
internal sealed record TruckColumn(string Name, int Decimals, bool IsInteger = false);
