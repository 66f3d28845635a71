using Millrace.Storage.Files;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Block files side by side, one for each part of time, each made when its first row comes.</summary>
/// <param name="disk">Where to.</param>
/// <param name="columns">All stored columns of the table.</param>
/// <param name="cutsNs">Where one part ends and the next begins, rising; a row at a cut belongs to the later part. None: one part.</param>
/// <param name="pathOf">Where each part goes.</param>
internal sealed class BlockParts(IDisk disk, IReadOnlyList<StoredColumn> columns, IReadOnlyList<long> cutsNs, Func<int, string> pathOf) : IDisposable
{
    private readonly BlockFileWriter?[] _writers = new BlockFileWriter?[cutsNs.Count + 1];
    private readonly long[] _cuts = [.. cutsNs];
    private bool _finished;

    /// <summary>Copies some rows, each to its part.</summary>
    public void Append(RowColumns rows, int first, int count)
    {
        for (var end = first + count; first < end;)
        {
            var cut = Array.BinarySearch(_cuts, rows.TimeNs[first]);
            var part = cut >= 0 ? cut + 1 : ~cut;
            var from = part == 0 ? long.MinValue : _cuts[part - 1];
            var to = part == _cuts.Length ? long.MaxValue : _cuts[part] - 1;
            var run = first + 1;
            while (run < end && rows.TimeNs[run] >= from && rows.TimeNs[run] <= to) run++;
            (_writers[part] ??= new BlockFileWriter(disk, pathOf(part), columns)).Append(rows, first, run - first);
            first = run;
        }
    }

    /// <summary>Ends all files. They are safe once their directory is synced.</summary>
    public IReadOnlyList<BlockPart> Finish()
    {
        var parts = new List<BlockPart>();
        for (var part = 0; part < _writers.Length; part++)
            if (_writers[part] is { } writer) parts.Add(new BlockPart(part, pathOf(part), writer.Finish()));
        _finished = true;
        return parts;
    }

    /// <summary>Closes the files, and deletes them where they were not finished.</summary>
    public void Dispose()
    {
        for (var part = 0; part < _writers.Length; part++)
        {
            if (_writers[part] is null) continue;
            _writers[part]!.Dispose();
            if (!_finished) TryDelete(pathOf(part));
        }
    }

    private void TryDelete(string path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (IOException)
        {
            // The disk is failing, which the caller is being told; what nobody lists is deleted at the next start.
        }
    }
}
