using System.Globalization;
using Millrace.Contracts.Objects;

namespace Millrace.Storage.Lake;

/// <summary>
/// <c>{flow}-{partition}-{first offset}-{last offset}.jsonl.gz</c> or <c>.parquet</c>: the records of the log that a file holds. Offsets have twenty digits,
/// so that names sort as records do.
/// </summary>
internal static class LakeFileName
{
    private const int OffsetDigits = 20;

    public static string Extension(LakeFormat format) => format == LakeFormat.Parquet ? ".parquet" : ".jsonl.gz";

    /// <summary>The beginning of the names of all files of one flow's partition.</summary>
    public static string Prefix(string flow, int partition) => string.Create(CultureInfo.InvariantCulture, $"{flow}-{partition}-");

    public static bool TryParse(string name, string prefix, string extension, out long first, out long last)
    {
        (first, last) = (0, 0);
        if (name.Length != prefix.Length + (2 * OffsetDigits) + 1 + extension.Length) return false;
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith(extension, StringComparison.Ordinal)) return false;
        var offsets = name.AsSpan(prefix.Length, (2 * OffsetDigits) + 1);
        return offsets[OffsetDigits] == '-'
            && long.TryParse(offsets[..OffsetDigits], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && long.TryParse(offsets[(OffsetDigits + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out last);
    }

    /// <summary>The end of a name, behind its prefix.</summary>
    public static string Offsets(long first, long last, string extension) => string.Create(CultureInfo.InvariantCulture, $"{first:D20}-{last:D20}{extension}");
}
