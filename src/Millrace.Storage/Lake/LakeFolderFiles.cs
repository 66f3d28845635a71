namespace Millrace.Storage.Lake;

/// <summary>What one sink has in a folder.</summary>
/// <param name="Present">Its files, in the order of their first records.</param>
/// <param name="Merges">Which of its files are in others.</param>
internal sealed record LakeFolderFiles(IReadOnlyList<(string Name, long First, long Last, long Bytes)> Present, LakeMerges Merges)
{
    /// <summary>The files as they were written: each holds all of the sink's records from its first to its last.</summary>
    public IEnumerable<(long First, long Last, bool IsInOther)> Written(LakePlaces places)
    {
        var wholes = Merges.Wholes;
        foreach (var (name, first, last, _) in Present)
            if (!wholes.Contains(name)) yield return (first, last, false);
        foreach (var name in Merges.Parts.Where(name => !wholes.Contains(name)))
            if (LakeFileName.TryParse(name, places.Prefix, places.Extension, out var first, out var last)) yield return (first, last, true);
    }
}
