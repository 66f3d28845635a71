namespace Millrace.Contracts.Tables;

/// <summary>A table as declared. Dimensions and measures that are not declared come with the first record that has them.</summary>
public sealed record TableOptions
{
    /// <summary>Names of the dimension columns, in the order a query shows them.</summary>
    public IReadOnlyList<string> Dimensions { get; init; } = [];

    /// <summary>Measures whose type is not to be taken from the first record (JSON numbers are Double unless said here).</summary>
    public IReadOnlyDictionary<string, MeasureType> Measures { get; init; } = new Dictionary<string, MeasureType>();

    /// <summary>How long rows are kept, by their own time. Null: for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>A row further ahead of the server's clock than this is rejected. Timestream: 15 minutes.</summary>
    public TimeSpan FutureLimit { get; init; } = TimeSpan.FromMinutes(15);
}
