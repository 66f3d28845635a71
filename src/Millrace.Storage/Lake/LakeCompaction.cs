using Millrace.Contracts;
using Millrace.Contracts.Objects;
using Millrace.Storage.Lake.Parquet;

namespace Millrace.Storage.Lake;

/// <summary>Puts the small files of a folder together, once the folder's time is over.</summary>
/// <remarks>
/// First the names are noted, then the whole file is put, then the small ones are deleted. Where that ends early after the second step, readers see records twice until the folder is looked at again;
/// at no moment do they miss any.
/// </remarks>
internal sealed class LakeCompaction(ILakeFiles files, LakePlaces places, LakeOptions options)
{
    /// <summary>Reads a folder, and finishes what was interrupted there.</summary>
    public async ValueTask<LakeFolderFiles> ReadAsync(string directory, CancellationToken stop)
    {
        var present = new List<(string Name, long First, long Last, long Bytes)>();
        foreach (var (name, bytes) in await files.ListAsync(directory, places.Prefix, stop).ConfigureAwait(false))
            if (LakeFileName.TryParse(name, places.Prefix, places.Extension, out var first, out var last)) present.Add((name, first, last, bytes));
        var merges = await NotedAsync(directory, present.Select(static file => file.Name).ToHashSet(StringComparer.Ordinal), stop).ConfigureAwait(false);
        var parts = merges.Parts.ToHashSet(StringComparer.Ordinal);
        if (present.Exists(file => parts.Contains(file.Name)))
            await files.DeleteAsync(directory, [.. present.Where(file => parts.Contains(file.Name)).Select(static file => file.Name)], stop).ConfigureAwait(false);
        return new LakeFolderFiles([.. present.Where(file => !parts.Contains(file.Name)).OrderBy(static file => file.First)], merges);
    }

    public async ValueTask RunAsync(string directory, CancellationToken stop)
    {
        var folder = await ReadAsync(directory, stop).ConfigureAwait(false);
        for (var from = 0; from < folder.Present.Count;)
        {
            var bytes = 0L;
            var group = folder.Present.Skip(from).TakeWhile(file => (bytes += file.Bytes) <= options.Compact!.Value.Bytes).ToList();
            from += group.Count < 2 ? 1 : Math.Max(1, await MergeAsync(directory, group, folder.Merges, stop).ConfigureAwait(false));
        }
    }

    /// <returns>How many were put together.</returns>
    private async ValueTask<int> MergeAsync(string directory, List<(string Name, long First, long Last, long Bytes)> group, LakeMerges merges, CancellationToken stop)
    {
        var parts = new List<ChunkStream>();
        try
        {
            foreach (var file in group)
                if (await files.ReadAsync($"{directory}/{file.Name}", stop).ConfigureAwait(false) is { } part) parts.Add(part);
            if (parts.Count < group.Count) return 0;
            using var whole = options.Format == LakeFormat.Parquet ? ParquetMerge.Of(parts, options.Compression, out var merged) : Joined(parts, out merged);
            if (whole is null) return 0;
            var names = group.Take(merged).Select(static file => file.Name).ToList();
            var name = places.Prefix + LakeFileName.Offsets(group[0].First, group[merged - 1].Last, places.Extension);
            merges.Add(name, names);
            using (var note = new ChunkStream())
            {
                note.Write(merges.Text());
                await files.PutAsync(NoteOf(directory), note, stop).ConfigureAwait(false);
            }

            await files.PutAsync($"{directory}/{name}", whole, stop).ConfigureAwait(false);
            await files.DeleteAsync(directory, names, stop).ConfigureAwait(false);
            return merged;
        }
        finally
        {
            parts.ForEach(static part => part.Dispose());
        }
    }

    // Files of gzip one behind the other are a file of gzip (RFC 1952, 2.2).
    private static ChunkStream Joined(List<ChunkStream> parts, out int merged)
    {
        var whole = new ChunkStream();
        foreach (var part in parts) part.CopyTo(whole);
        merged = parts.Count;
        return whole;
    }

    // Readers pass over files whose names begin with a dot.
    private string NoteOf(string directory) => $"{directory}/.{places.Prefix}merged";

    private async ValueTask<LakeMerges> NotedAsync(string directory, IReadOnlySet<string> present, CancellationToken stop)
    {
        using var note = await files.ReadAsync(NoteOf(directory), stop).ConfigureAwait(false);
        if (note is null) return new LakeMerges();
        var text = new byte[note.Length];
        note.ReadExactly(text);
        try
        {
            return LakeMerges.Parse(text, present);
        }
        catch (InvalidDataException damaged)
        {
            throw new FaultException(
                Fault.Unavailable,
                $"lake: {NoteOf(directory)} is damaged: {damaged.Message}. It says which files were put together, so that a replay does not write them again. Restore it, or delete it where the flow is past this folder.",
                damaged);
        }
    }
}
