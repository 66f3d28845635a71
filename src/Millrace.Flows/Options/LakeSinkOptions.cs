using Millrace.Contracts;
using Millrace.Contracts.Objects;

namespace Millrace.Flows.Options;

/// <summary>Into the lake: files of gzip JSON Lines or Parquet, under <c>raw/{stream}/yyyy/MM/dd/HH/</c> or at a prefix.</summary>
public sealed record LakeSinkOptions : SinkOptions
{
    public override string Kind => "lake";

    public override string Target => Stream;

    public override string ActionName => "FirehoseAction";

    /// <summary>The folder under <c>raw/</c>; a template. Only one flow may write there.</summary>
    public required string Stream { get; init; }

    /// <summary>Where the files go instead, as Firehose writes it; see <see cref="ObjectPrefix"/>. Null: <c>raw/{stream}/yyyy/MM/dd/HH/</c>.</summary>
    public string? Prefix { get; init; }

    /// <summary>What the prefix's partition keys are: each has a template. A record for which one has no value is refused.</summary>
    public ValueList<LakePartitionKey> PartitionKeys { get; init; } = [];

    /// <summary>Where records go that the lake refuses, as Firehose's ErrorOutputPrefix; see <see cref="Millrace.Contracts.Objects.ErrorPrefix"/>. Null: to the flow's onError, or the dead letters.</summary>
    public string? ErrorPrefix { get; init; }

    public LakeFormat Format { get; init; }

    /// <summary>Columns of Parquet files that have the same type in each of them; the others have what fits their values.</summary>
    public ValueList<LakeColumn> Columns { get; init; } = [];

    /// <summary>Null: the files are on the server's disk.</summary>
    public LakeS3Options? S3 { get; init; }

    /// <summary>What stands behind each record in a file: a line break, a comma or a tab. Other tools read lines.</summary>
    public string Separator { get; init; } = "\n";

    /// <summary>How many elements an array may have, each of which becomes a record of its own; null: an array is one record.</summary>
    public int? BatchLimit { get; init; }

    /// <summary>A file is finished when it holds this much, before compression.</summary>
    public ByteSize BufferSize { get; init; } = new(5_000_000);

    /// <summary>A file is finished at the latest this long after its first record.</summary>
    public TimeSpan BufferTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Once the time of a folder is over, its files are put together into files of at most this size. Null: they stay as they are.</summary>
    public ByteSize? Compact { get; init; }

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        if (!Templates.Sample(Stream, "stream", problems).IsPlainName()) problems.Add(new("stream", PlainNames.Rule));
        foreach (var key in PartitionKeys) Templates.Sample(key.Value, $"partitionKeys.{key.Name}", problems);
        if (CheckPrefix() is { } prefix) problems.Add(prefix);
        if (CheckErrorPrefix() is { } errors) problems.Add(errors);
        problems.AddRange(CheckColumns());
        problems.AddRange(S3?.Check() ?? []);
        foreach (var problem in problems) yield return problem;
        if (Separator is not ("\n" or "\r\n" or "," or "\t")) yield return new("separator", "must be a line break (\\n or \\r\\n), a comma or a tab");
        if (BufferSize < ByteSize.KiB(1) || BufferSize > ByteSize.MiB(128)) yield return new("bufferSize", "must be from 1KiB to 128MiB");
        if (Compact is { } compact && (compact < ByteSize.MiB(1) || compact > ByteSize.MiB(512))) yield return new("compact", "must be from 1MiB to 512MiB");
        if (Compact is not null && Separator != "\n") yield return new("compact", "is for lines, and the separator is none");
        if (BufferTime < TimeSpan.FromSeconds(1) || BufferTime > TimeSpan.FromMinutes(15)) yield return new("bufferTime", "must be from 1s to 15m");
    }

    private static bool IsUnfinished(string root) => root == "unfinished" || root.StartsWith("unfinished/", StringComparison.Ordinal);

    private Problem? CheckErrorPrefix()
    {
        const string where = "errorPrefix";
        if (ErrorPrefix is null) return null;
        if (Stream.Contains("${", StringComparison.Ordinal)) return new("stream", "is a plain name where there is an error prefix");
        if (Contracts.Objects.ErrorPrefix.Check(ErrorPrefix) is { } wrong) return new(where, wrong);
        return IsUnfinished(ErrorPrefix.TrimStart('/')) ? new(where, "must not begin with unfinished/, where files are while they are written") : null;
    }

    private IEnumerable<Problem> CheckColumns()
    {
        if (Columns.Count > 0 && Format != LakeFormat.Parquet) yield return new("columns", "are for Parquet: add format: parquet");
        if (Columns.Count > LakeColumn.Most) yield return new("columns", $"there are {Columns.Count}; at most {LakeColumn.Most} are taken");
        if (Format == LakeFormat.Parquet && Separator != "\n") yield return new("separator", "has no place in Parquet, which has no lines");
        foreach (var column in Columns.Take(LakeColumn.Most))
        {
            if (column.Name.Length is 0 or > LakeColumn.LongestName) yield return new("columns", $"names have 1 to {LakeColumn.LongestName} characters");
            if (column.Type is null) yield return new($"columns.{column.Name}", $"must be {string.Join(", ", LakeColumn.Types.Keys)}");
        }
    }

    private Problem? CheckPrefix()
    {
        if (Prefix is null)
            return PartitionKeys.Count == 0 ? null : new("partitionKeys", "are for a prefix: add prefix: 'cars/vin=!{partitionKeyFromQuery:vin}/!{timestamp:yyyy/MM/dd}/'");
        if (Stream.Contains("${", StringComparison.Ordinal)) return new("stream", "is a plain name where there is a prefix; what differs from record to record goes into partitionKeys");
        if (ObjectPrefix.TryParse(Prefix, out var prefix) is { } wrong) return wrong;
        if (IsUnfinished(prefix!.Root)) return new("prefix", "must not begin with unfinished/, where files are while they are written");
        if (Compact is not null && !prefix.HasTime) return new("compact", "is done when the time of a folder is over, and the prefix has none: add !{timestamp:yyyy/MM/dd} to it");
        var known = PartitionKeys.Select(static key => key.Name).ToHashSet(StringComparer.Ordinal);
        if (prefix.Keys.FirstOrDefault(key => !known.Contains(key)) is { } missing) return new("partitionKeys", $"have no '{missing}', which the prefix asks for");
        if (PartitionKeys.FirstOrDefault(key => !prefix.Keys.Contains(key.Name, StringComparer.Ordinal)) is { } unused) return new("partitionKeys", $"have '{unused.Name}', which the prefix does not ask for");
        return null;
    }
}
