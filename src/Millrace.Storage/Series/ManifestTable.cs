
namespace Millrace.Storage.Series;

/// <summary>A table of the manifest.</summary>
internal sealed record ManifestTable
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Dimension columns by number.</summary>
    public IReadOnlyList<string> Dimensions { get; init; } = [];

    /// <summary>Measure names and what their records are: double, bigint, varchar, boolean or multi.</summary>
    public IReadOnlyDictionary<string, string> MeasureNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Measure columns of multi-measure records by number.</summary>
    public IReadOnlyList<ManifestMeasure> Measures { get; init; } = [];

    /// <summary>Columns of the newest files, in order; an older file has the first so many of them.</summary>
    public IReadOnlyList<StoredColumn> Columns { get; init; } = [];

    public IReadOnlyList<ColdFile> Files { get; init; } = [];

    /// <summary>The file that names rows which a higher version replaced.</summary>
    public string? Replaced { get; init; }
}
