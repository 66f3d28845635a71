using System.IO.Compression;
using Millrace.Contracts;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Lake;

/// <summary>Where a flow's raw records are gathered as files for everybody else's tools, and how large those become.</summary>
public sealed record LakeOptions
{
    private static readonly ByteSize Smallest = ByteSize.KiB(1);
    private static readonly ByteSize Largest = ByteSize.MiB(1024);

    /// <summary>The lake's directory, within the data directory.</summary>
    public string Root { get; init; } = "lake";

    /// <summary>The directory of this flow's files, <c>{root}/raw/{stream}</c>. Flows may share one.</summary>
    public string Stream { get; init; } = "";

    /// <summary>Where in <see cref="Root"/> the files go instead.</summary>
    public ObjectPrefix? Prefix { get; init; }

    /// <summary>The values of the prefix's partition keys, all of them: the same for every record of this sink.</summary>
    public IReadOnlyDictionary<string, string> PartitionValues { get; init; } = new Dictionary<string, string>();

    public LakeFormat Format { get; init; }

    /// <summary>Columns of Parquet files that have a type of their own; others have the one that fits their values.</summary>
    public IReadOnlyDictionary<string, MeasureType> Columns { get; init; } = new Dictionary<string, MeasureType>();

    /// <summary>What stands behind each record; of no meaning in Parquet.</summary>
    public string Separator { get; init; } = "\n";

    /// <summary>A file that holds this much payload, before compression, takes no further batch.</summary>
    public ByteSize MaxBytes { get; init; } = new(5_000_000);

    /// <summary>A file takes no batch that arrived this long after the file's first, and is closed when idle for so long.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Once the time of a folder is over, its files become fewer, of at most this size as they are stored. Null: they stay as they are.</summary>
    public ByteSize? Compact { get; init; }

    /// <summary>Fastest takes less than half the CPU of Optimal, and makes files of short JSON messages about half as large again.</summary>
    public CompressionLevel Compression { get; init; } = CompressionLevel.Fastest;

    public IEnumerable<Problem> Check()
    {
        if (!IsDirectory(Root))
            yield return new("lake.root", $"'{Root}' must be one directory name of letters, digits, '_', '-' and '.'");
        if (!IsDirectory(Stream))
            yield return new("lake.stream", $"'{Stream}' must be one directory name of letters, digits, '_', '-' and '.'");
        if (MaxBytes < Smallest || MaxBytes > Largest)
            yield return new("lake.maxBytes", $"{MaxBytes} must be between {Smallest} and {Largest}");
        if (MaxAge < TimeSpan.FromSeconds(1) || MaxAge > TimeSpan.FromHours(1))
            yield return new("lake.maxAge", $"{MaxAge} must be between one second and one hour");
        if (!Enum.IsDefined(Compression))
            yield return new("lake.compression", "must be Fastest, Optimal, SmallestSize or NoCompression");
    }

    internal static bool IsDirectory(string name) =>
        name.Length is > 0 and <= 128 && name[0] != '.' && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
