namespace Millrace.Server.Cli.Transfer;

/// <summary>A file of an export.</summary>
/// <param name="Path">Below the directory, with /.</param>
/// <param name="Rows">How many.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Of its bytes, in hexadecimal.</param>
internal sealed record ExportedFile(string Path, long Rows, long Bytes, string Sha256);
