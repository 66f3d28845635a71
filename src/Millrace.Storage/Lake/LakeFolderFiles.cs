namespace Millrace.Storage.Lake;

/// <summary>What one sink has in a folder.</summary>
/// <param name="Present">Its files, in the order of their first records.</param>
/// <param name="Merges">Which of its files are in others.</param>
internal sealed record LakeFolderFiles(IReadOnlyList<(string Name, long First, long Last, long Bytes)> Present, LakeMerges Merges);
