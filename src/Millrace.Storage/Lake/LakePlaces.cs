using System.Globalization;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Objects;

namespace Millrace.Storage.Lake;

/// <summary>Where the files of one sink go. The same file goes to the same place each time.</summary>
internal sealed class LakePlaces
{
    private readonly LakeOptions _options;
    private readonly string _name;
    private readonly ulong _seed;

    /// <exception cref="FaultException">Refused: the values make a folder that cannot be.</exception>
    public LakePlaces(LakeOptions options, string flow, int partition)
    {
        _options = options;
        if (options.Prefix?.Evaluate(0, 0, key => options.PartitionValues[key]) is { } sample && ObjectPrefix.WrongPath(sample) is { } wrong)
            throw new FaultException(Fault.Refused, $"the lake folder {sample} {wrong}");

        // Files of several flows may be in the folders of a prefix, and of several destinations of one flow.
        _name = options.Prefix is null ? flow : $"{flow}+{options.Stream}";
        var values = string.Concat(options.PartitionValues.OrderBy(static value => value.Key, StringComparer.Ordinal).Select(static value => $"{value.Key}\0{value.Value}\0"));
        _seed = Hash(string.Create(CultureInfo.InvariantCulture, $"{_name}-{partition}\0{values}"));
        Extension = LakeFileName.Extension(options.Format);
        Prefix = LakeFileName.Prefix(_name, partition);
        var part = values.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{_seed:x16}");
        Unfinished = string.Create(CultureInfo.InvariantCulture, $"unfinished/{options.Stream}/{flow}-{partition}{part}.tmp");
    }

    /// <summary>The beginning of the names of all files.</summary>
    public string Prefix { get; }

    /// <summary>The end of the names of all files.</summary>
    public string Extension { get; }

    /// <summary>Of a file that is being written; this sink's alone, below the lake's root.</summary>
    public string Unfinished { get; }

    /// <summary>Below the lake's root, in UTC; without a prefix as Firehose names its default one: <c>yyyy/MM/dd/HH</c>.</summary>
    /// <param name="offset">Of the file's first record.</param>
    /// <param name="arrivalNs">Of the file's first record.</param>
    public string DirectoryOf(long offset, long arrivalNs)
    {
        if (_options.Prefix is { } prefix)
            return prefix.Evaluate(arrivalNs, _seed + (ulong)offset, key => _options.PartitionValues[key]);
        var hour = DateTime.UnixEpoch.AddTicks(arrivalNs / TimeSpan.NanosecondsPerTick);
        return string.Create(CultureInfo.InvariantCulture, $"raw/{_options.Stream}/{hour:yyyy/MM/dd/HH}");
    }

    public string PathOf(string directory, LakeFile file) => $"{directory}/{Prefix}{LakeFileName.Offsets(file.FirstOffset, file.LastOffset, Extension)}";

    // FNV-1a: names of files must not change with the framework, as its own hashes may.
    private static ulong Hash(string text) => Encoding.UTF8.GetBytes(text).Aggregate(14695981039346656037UL, static (hash, b) => unchecked((hash ^ b) * 1099511628211UL));
}
