using Millrace.Contracts;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series;

/// <summary>Moves generations into files and into the manifest, and takes old files out again. One thing at a time.</summary>
/// <remarks><see cref="Write"/>, <see cref="Merge"/> and <see cref="Forget"/> take long and are not under the store's lock; the others are short and are.</remarks>
internal sealed class SeriesMover(SeriesFiles files, SeriesTables tables, FlowPositions flows, Manifest manifest)
{
    private const int MaxNamesFiles = 16;
    private const int MaxParts = 16;
    private const long DayNs = 86_400_000_000_000;

    // Files that no manifest lists any more, and that a query may still be reading.
    private readonly List<ColdBlocks> _retired = [];

    /// <summary>As it is on disk.</summary>
    public Manifest Manifest { get; private set; } = manifest;

    /// <summary>Ends a generation: nothing is written into it any more. All its rows must be visible.</summary>
    public SealedRows Seal(int generation)
    {
        var withRows = tables.All.Where(static table => table.Hot is { Rows: > 0 }).ToList();
        var whole = Manifest.Names.Count >= MaxNamesFiles || tables.Deleted.Count > 0;
        var names = NamesFile.Begin();
        foreach (var table in tables.All)
        {
            for (var code = 0; code < table.Series.Count; code++)
            {
                ref var state = ref table.Series[code];
                var isNew = code >= table.MovedSeries;
                if (whole || isNew || state.NewestNs != state.MovedNs) NamesFile.Add(names, table, code, withKey: whole || isNew);
                state.MovedNs = state.NewestNs;
            }

            table.MovedSeries = table.Series.Count;
        }

        foreach (var table in tables.All)
        {
            // Where all points were absorbed or refused there are no rows.
            table.Sealed = table.Hot is { Rows: > 0 } ? table.Hot : null;
            table.Hot = null;
        }

        return new SealedRows
        {
            Generation = generation,
            Tables = withRows,
            Schema = [.. tables.All.Select(SeriesTables.Describe)],
            Replaced = withRows.Where(static table => table.Replaced.Any).ToDictionary(static table => table.Id, static table => table.Replaced.View),
            Names = NamesFile.Finish(names),
            NamesWhole = whole,
            Flows = flows.Copy(),
        };
    }

    /// <summary>Writes files and manifest. What was written before a failure is not written again.</summary>
    public void Write(SealedRows rows)
    {
        if (rows.Manifest is not null) return;
        try
        {
            foreach (var table in rows.Tables)
                if (!rows.Written.ContainsKey(table.Id)) rows.Written.Add(table.Id, WriteRows(table, rows));
            var replaced = rows.Tables.Where(table => rows.Replaced.ContainsKey(table.Id)).ToDictionary(static table => table.Id, table => WriteReplaced(table, rows));
            var names = SeriesFiles.NamesPath(rows.Generation);
            if (!NamesFile.IsEmpty(rows.Names)) files.WriteNames(names, rows.Names);
            var next = new Manifest
            {
                Generation = rows.Generation,
                Flows = rows.Flows,
                Names = NamesFile.IsEmpty(rows.Names) ? Manifest.Names : rows.NamesWhole ? [names] : [.. Manifest.Names, names],
                Tables = [.. rows.Schema.Select(table => WithFiles(table, rows, replaced.GetValueOrDefault(table.Id)))],
            };
            Commit(next);
            rows.Manifest = next;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, failed.Message, failed);
        }
    }

    /// <summary>Lets queries see the files in place of the rows in memory.</summary>
    public void Finish(SealedRows rows)
    {
        foreach (var table in rows.Tables)
        {
            table.Cold = table.Cold.Change([], rows.Written[table.Id].Select(file => files.Rows(table, file)));
            table.Sealed = null;
            table.Replaced.Remove(row => row.Generation == rows.Generation && row.Target == rows.Generation);
        }
    }

    /// <summary>Deleted tables that the manifest no longer lists: their files go when the queries that began before have ended.</summary>
    public void RetireDeleted(SealedRows rows)
    {
        var gone = tables.Deleted.Where(table => rows.Schema.All(listed => listed.Id != table.Id)).ToList();
        foreach (var table in gone) Retire(table, [.. table.Cold.Files.Select(static file => file.File)], []);
        tables.Deleted.RemoveAll(gone.Contains);
    }

    /// <summary>Files whose newest row is older than its table keeps rows.</summary>
    public IReadOnlyList<(SeriesTable Table, ColdFile File)> Expired(DateTimeOffset now) =>
    [
        .. from table in tables.All
           let until = table.Options.Retention is { } kept ? (now - DateTimeOffset.UnixEpoch - kept).Ticks * 100 : long.MinValue
           from file in table.Cold.Files
           where file.File.ToNs < until
           select (table, file.File),
    ];

    /// <summary>Takes files out of the manifest.</summary>
    public void Forget(IEnumerable<ColdFile> expired)
    {
        var paths = expired.Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        Commit(Manifest with
        {
            Tables = [.. Manifest.Tables.Select(table => table with { Files = [.. table.Files.Where(file => !paths.Contains(file.Path))] })],
        });
    }

    /// <summary>Takes files out of queries that begin from now on; they are deleted when those that began before have ended.</summary>
    public void Drop(IReadOnlyList<(SeriesTable Table, ColdFile File)> expired)
    {
        foreach (var table in expired.GroupBy(static one => one.Table, static one => one.File)) Retire(table.Key, [.. table], []);
    }

    /// <summary>A table with files that are to become one; null where there is none.</summary>
    public (SeriesTable Table, IReadOnlyList<ColdFile> Files)? ToMerge(DateTimeOffset now) => tables.All
        .Select(table => ((SeriesTable Table, IReadOnlyList<ColdFile> Files)?)(table, Compaction.Pick(table.Cold.Files.Select(static file => file.File), now)))
        .FirstOrDefault(static one => one!.Value.Files.Count > 0);

    /// <summary>Writes one file that has the rows of several, and puts it into their place in the manifest.</summary>
    public ColdFile Merge(SeriesTable table, IReadOnlyList<ColdFile> parts)
    {
        var path = Enumerable.Range(0, int.MaxValue).Select(number => SeriesFiles.MergedPath(table, Manifest.Generation, number)).First(path => !files.Exists(path));
        var merged = files.Merge(table, parts, path, parts.Max(static file => file.Columns));
        files.SyncDirectory(table);
        Commit(Manifest with
        {
            Tables = [.. Manifest.Tables.Select(known => known.Id == table.Id ? known with { Files = [.. known.Files.Except(parts), merged] } : known)],
        });
        return merged;
    }

    /// <summary>Lets queries see the one file in place of the several.</summary>
    public void Finish(SeriesTable table, IReadOnlyList<ColdFile> parts, ColdFile merged) => Retire(table, parts, [files.Rows(table, merged)]);

    /// <summary>Deletes files that are in no manifest, and that no query reads any more.</summary>
    public void DeleteDropped()
    {
        foreach (var file in _retired.Where(static file => file.Unused)) files.Delete(file.File.Path);
        _retired.RemoveAll(static file => file.Unused);
    }

    private void Retire(SeriesTable table, IReadOnlyCollection<ColdFile> without, IEnumerable<ColdBlocks> with)
    {
        _retired.AddRange(table.Cold.Files.Where(file => without.Contains(file.File)));
        table.Cold = table.Cold.Change(without, with);
    }

    private void Commit(Manifest next)
    {
        files.WriteManifest(next);
        var unlisted = Manifest.Names.Except(next.Names).Concat(
            Manifest.Tables.Select(static table => table.Replaced).Except(next.Tables.Select(static table => table.Replaced)).OfType<string>());
        Manifest = next;
        foreach (var path in unlisted) files.Delete(path);
    }

    private ManifestTable WithFiles(ManifestTable table, SealedRows rows, string? replaced)
    {
        var before = Manifest.Tables.FirstOrDefault(known => known.Id == table.Id);
        return table with
        {
            Files = [.. before?.Files ?? [], .. rows.Written.GetValueOrDefault(table.Id) ?? []],
            Replaced = replaced ?? before?.Replaced,
        };
    }

    private List<ColdFile> WriteRows(SeriesTable table, SealedRows rows)
    {
        var hot = table.Sealed!;
        var columns = rows.Schema.First(known => known.Id == table.Id).Columns.Count;
        var replaced = rows.Replaced.GetValueOrDefault(table.Id).Rows.ToArray()
            .Where(row => row.Generation == rows.Generation && row.Target == rows.Generation).Select(static row => (row.Series, row.TimeNs, row.Version)).ToHashSet();
        using var parts = files.WriteRows(table, rows.Generation, CutsOf(hot), columns);
        var slots = Enumerable.Range(StoredColumn.First.Length, columns - StoredColumn.First.Length).ToArray();
        var sorted = new RowColumns();
        RowCopy.Prepare(sorted, slots, table.Stored);
        foreach (var row in HotOrder.Of(hot, table.KnownVersionSlot))
        {
            if (replaced.Count > 0 && replaced.Contains((hot.SeriesOf(row), hot.TimeOf(row), hot.VersionOf(row, table.KnownVersionSlot)))) continue;
            RowCopy.Add(sorted, slots, hot, row);
            if (sorted.Count < RowColumns.Capacity) continue;
            parts.Append(sorted, 0, sorted.Count);
            RowCopy.Prepare(sorted, slots, table.Stored);
        }

        parts.Append(sorted, 0, sorted.Count);
        var written = parts.Finish().Select(part => new ColdFile(part.Path, part.Summary.Rows, part.Summary.Bytes, part.Summary.FromNs, part.Summary.ToNs, columns)).ToList();
        files.SyncDirectory(table);
        return written;
    }

    // Those that the rows of this generation replaced within it are not in its files.
    private string WriteReplaced(SeriesTable table, SealedRows rows)
    {
        var path = SeriesFiles.ReplacedPath(table, rows.Generation);
        files.WriteReplaced(path, ReplacedFile.Write(
            [.. rows.Replaced[table.Id].Rows.ToArray().Where(row => row.Generation <= rows.Generation && !(row.Generation == rows.Generation && row.Target == rows.Generation))]));
        return path;
    }

    // A file for each day, so that retention can drop whole files; where stragglers come from many days, for each month, year, or one for all.
    private static IReadOnlyList<long> CutsOf(HotRows hot)
    {
        var days = new SortedSet<long>();
        for (var row = 0; row < hot.Rows; row++) days.Add(Floor(hot.TimeOf(row), DayNs));
        foreach (var width in (ReadOnlySpan<long>)[1, 30, 365])
        {
            var parts = days.Select(day => Floor(day, width)).Distinct().ToList();
            if (parts.Count <= MaxParts) return [.. parts.Skip(1).Select(part => part * width * DayNs)];
        }

        return [];
    }

    private static long Floor(long value, long width) => (value / width) - (value % width < 0 ? 1 : 0);
}
