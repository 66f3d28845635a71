using Millrace.Contracts.Flows;

namespace Millrace.Storage.Series;

/// <summary>What is in files, and how far each flow is with it: one file, replaced whole. docs/formats/series.md describes it.</summary>
internal sealed record Manifest
{
    public const int CurrentFormat = 2;

    /// <summary>Its files are Parquet: they are rewritten when the store opens.</summary>
    public const int ParquetFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>Of this store, from its first manifest on: a bucket that has another's manifest is left alone.</summary>
    public string? Store { get; init; }

    /// <summary>Of the directory of logs that <see cref="Flows"/> are about: other logs have other records at the same offsets.</summary>
    public string? Logs { get; init; }

    /// <summary>The newest generation that was moved to files.</summary>
    public int Generation { get; init; }

    /// <summary>Where files are that need not be on this disk: <c>s3://bucket/prefix</c>. Null while there are none.</summary>
    public string? Bucket { get; init; }

    /// <summary>The series: a whole file first, then what came after it, in order.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public IReadOnlyList<ManifestTable> Tables { get; init; } = [];

    public IReadOnlyDictionary<string, Checkpoint> Flows { get; init; } = new Dictionary<string, Checkpoint>();

    /// <summary>Every file it lists.</summary>
    public IEnumerable<string> Paths() => Names
        .Concat(Tables.Select(static table => table.Replaced).OfType<string>())
        .Concat(Tables.SelectMany(static table => table.Files.Select(static file => file.Path)));
}
