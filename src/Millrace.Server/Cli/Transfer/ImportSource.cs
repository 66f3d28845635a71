namespace Millrace.Server.Cli.Transfer;

/// <summary>A file to be imported.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="IsParquet">Else it is CSV, gzip where its name ends so.</param>
/// <param name="Columns">Of a CSV that does not name them itself, or names them as these; null: its first line does.</param>
/// <param name="HasHeading">Whether the first line names the columns.</param>
/// <param name="HasPartitions">Whether its path has columns, as <c>key=value</c>.</param>
/// <param name="Sha256">What its bytes must be; null where nobody says.</param>
internal sealed record ImportSource(string Path, bool IsParquet, IReadOnlyList<string>? Columns = null, bool HasHeading = true, bool HasPartitions = false, string? Sha256 = null)
{
    /// <summary>Its size, which is what progress is counted in.</summary>
    public long Bytes => new FileInfo(Path).Length;
}
