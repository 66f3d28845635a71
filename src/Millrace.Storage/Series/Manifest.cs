using Millrace.Contracts.Flows;

namespace Millrace.Storage.Series;

/// <summary>What is in files, and how far each flow is with it: one file, replaced whole. docs/formats/series.md describes it.</summary>
internal sealed record Manifest
{
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>The newest generation that was moved to files.</summary>
    public int Generation { get; init; }

    /// <summary>The series: a whole file first, then what came after it, in order.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public IReadOnlyList<ManifestTable> Tables { get; init; } = [];

    public IReadOnlyDictionary<string, Checkpoint> Flows { get; init; } = new Dictionary<string, Checkpoint>();
}
