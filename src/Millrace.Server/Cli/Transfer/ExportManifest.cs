namespace Millrace.Server.Cli.Transfer;

/// <summary><c>export.json</c>: what an export holds. It is written last.</summary>
/// <param name="Table">Where the rows are from.</param>
/// <param name="Format">parquet, csv or jsonl.</param>
/// <param name="From">As asked; null: from the oldest.</param>
/// <param name="To">As asked, not within; null: to the newest.</param>
/// <param name="Rows">Of all files.</param>
/// <param name="Bytes">Of all files.</param>
/// <param name="Files">Each file.</param>
internal sealed record ExportManifest(string Table, string Format, string? From, string? To, long Rows, long Bytes, IReadOnlyList<ExportedFile> Files)
{
    public const string FileName = "export.json";
}
