using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Cold;
using Millrace.Storage.Series.Remote;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series;

/// <summary>Moves generations into files and into the manifest, and takes files out again. One thing at a time.</summary>
/// <remarks>
/// <see cref="Write"/>, <see cref="Merge"/>, <see cref="Forget"/> and <see cref="Evict"/> take long and are not under the store's lock; the others are short and are.
/// A manifest is committed before what it does not list any more is deleted, and after all it lists is safe.
/// </remarks>
internal sealed class SeriesMover(object gate, SeriesFiles files, SeriesTables tables, FlowPositions flows, ColdStore cold, Manifest manifest, RemoteTier? remote)
{
    private const int MaxNamesFiles = 16;

    // Files that no manifest lists any more; with those who may still read them.
    private readonly List<(string Path, ColdBlocks? Readers)> _retired = [];

    // What is wrong with files that a merge could not read: they stay as they are.
    private readonly Dictionary<ColdFile, string> _damaged = [];

    /// <summary>As it is on disk.</summary>
    public Manifest Manifest { get; private set; } = manifest;

    /// <summary>What is wrong with files that a merge or a query could not read, as far as they are still listed. Under the store's lock.</summary>
    public IReadOnlyList<string> Damages =>
        [.. tables.All.SelectMany(static table => table.Cold.Files).Select(file => _damaged.GetValueOrDefault(file.File) ?? file.Damage).OfType<string>()];

    /// <summary>Ends a generation: nothing is written into it any more.</summary>
    public SealedRows Seal(int generation)
    {
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
            (table.Sealed, table.Hot) = (table.Hot is { Rows: > 0 } rows ? rows : null, null);
        }

        return new SealedRows
        {
            Generation = generation,
            Tables = [.. tables.All.Where(static table => table.Sealed is not null)],
            Schema = [.. tables.All.Select(SeriesTables.Describe)],
            Names = NamesFile.Finish(names),
            NamesWhole = whole,
            Flows = flows.Copy(),
        };
    }

    /// <summary>Writes files and manifest. What was written before a failure is not written again.</summary>
    public void Write(SealedRows rows, CancellationToken stop)
    {
        if (rows.Manifest is not null) return;
        try
        {
            foreach (var table in rows.Tables)
                if (!rows.Written.ContainsKey(table.Id)) rows.Written.Add(table.Id, WriteRows(table, rows.Generation, stop));
            var replaced = rows.Tables.ToDictionary(static table => table.Id, table => WriteReplaced(table, rows.Generation, []));
            var names = NamesFile.IsEmpty(rows.Names) ? null : files.NamesPath(rows.Generation);
            if (names is not null) files.WriteNames(names, rows.Names);
            var next = Manifest with
            {
                Generation = rows.Generation,
                Flows = rows.Flows,
                Names = [.. rows.NamesWhole ? [] : Manifest.Names, .. names is null ? (string[])[] : [names]],
                Tables = [.. rows.Schema.Select(table => WithFiles(table, rows, replaced))],
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
            table.Cold = table.Cold.Change([], rows.Written[table.Id].Select(file => cold.Blocks(table, file)));
            table.Replaced.Remove(row => row.Target == rows.Generation && row.Generation == rows.Generation);
            table.Sealed = null;
        }
    }

    /// <summary>Deleted tables that the manifest no longer lists: their files go when the queries that began before have ended.</summary>
    public void RetireDeleted(SealedRows rows)
    {
        var gone = tables.Deleted.Where(table => rows.Schema.All(listed => listed.Id != table.Id)).ToList();
        foreach (var table in gone) Change(table, [.. table.Cold.Files.Select(static file => file.File)], []);
        tables.Deleted.RemoveAll(gone.Contains);
    }

    /// <summary>Files whose newest row is older than its table keeps rows.</summary>
    public IReadOnlyList<(SeriesTable Table, ColdFile File)> Expired(DateTimeOffset now) =>
    [
        .. from table in tables.All
           let until = table.KeptFromNs(now)
           from file in table.Cold.Files
           where file.File.ToNs < until
           select (table, file.File),
    ];

    /// <summary>Takes files out of the manifest.</summary>
    public void Forget(IEnumerable<ColdFile> expired)
    {
        var gone = expired.ToHashSet();
        Commit(Manifest with
        {
            Tables = [.. Manifest.Tables.Select(table => table with { Files = [.. table.Files.Where(file => !gone.Contains(file))] })],
        });
    }

    /// <summary>Takes files out of queries that begin from now on.</summary>
    public void Drop(IReadOnlyList<(SeriesTable Table, ColdFile File)> expired)
    {
        foreach (var one in expired.GroupBy(static one => one.Table, static one => one.File))
        {
            Change(one.Key, [.. one], []);
            ForgetReplaced(one.Key);
        }
    }

    /// <summary>A table with files that are to become one; null where there is none. Files that are only in the bucket stay as they are.</summary>
    public (SeriesTable Table, IReadOnlyList<ColdFile> Files)? ToMerge(DateTimeOffset now)
    {
        foreach (var table in tables.All)
        {
            var here = table.Cold.Files.Select(static file => file.File).Where(file => cold.IsHere(file) && !_damaged.ContainsKey(file)).ToList();
            var picked = Compaction.Pick(here, now);
            if (picked.Count > 0) return (table, [.. picked.OrderBy(static file => file.Rows).Take(ColdMerge.MostFiles(table.Stored.Count))]);
        }

        return null;
    }

    /// <summary>Writes the rows of several files into one, and puts it into their place in the manifest and in queries that begin from now on.</summary>
    /// <param name="table">Whose.</param>
    /// <param name="parts">From <see cref="ToMerge"/>.</param>
    /// <param name="now">Rows that the table does not keep any more are left out.</param>
    /// <param name="between">Called every few rows: may write a sealed generation, or throw.</param>
    /// <exception cref="FaultException">Corrupt: one of them, with the byte. It is not asked for again; where the bucket has it, it is fetched from there.</exception>
    public void Merge(SeriesTable table, IReadOnlyList<ColdFile> parts, DateTimeOffset now, Action between)
    {
        var filter = new RowFilter(Droppable(table, parts), table.KnownVersionSlot, table.KeptFromNs(now));
        try
        {
            var merged = ColdMerge.Write(files, table, Manifest.Generation, parts, table.Stored, filter, between);
            var dropped = filter.Dropped.ToHashSet();
            var replaced = dropped.Count == 0 ? null : WriteReplaced(table, Manifest.Generation, dropped);
            Commit(Manifest with
            {
                Tables =
                [
                    .. Manifest.Tables.Select(known => known.Id != table.Id ? known : known with
                    {
                        Files = [.. known.Files.Except(parts), .. merged],
                        Replaced = dropped.Count == 0 ? known.Replaced : replaced,
                    }),
                ],
            });
            lock (gate)
            {
                Change(table, parts, merged);
                if (dropped.Count > 0) table.Replaced.Remove(row => dropped.Contains(row.Key));
            }
        }
        catch (FaultException damaged) when (damaged.Fault == Fault.Corrupt)
        {
            foreach (var part in parts)
                if (BlockVerify.Run(files.Disk, part.Path, table.Stored, CancellationToken.None) is [var fault, ..]) SetAside(table, part, fault);
            throw;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, failed.Message, failed);
        }
    }

    /// <summary>Deletes files from the disk that the bucket has, those that nobody read for longest first, until no more are left than may stay.</summary>
    public void Evict()
    {
        IReadOnlyList<(SeriesTable Table, ColdFile File)> picked;
        lock (gate) picked = cold.ToEvict(tables.All);
        if (picked.Count == 0) return;

        // The manifest says first that they may be gone.
        if (picked.Any(one => !IsMarked(one.File))) Commit(Manifest);
        lock (gate)
        {
            foreach (var one in picked.GroupBy(static one => one.Table, static one => one.File))
                Change(one.Key, [.. one], [.. one.Select(static file => file with { Remote = true })]);
        }
    }

    /// <summary>Deletes files that are in no manifest, or that need not be here, once no query reads them and none is on its way into the bucket.</summary>
    public void DeleteRetired()
    {
        List<(string Path, ColdBlocks? Readers)> free;
        lock (gate)
        {
            free = _retired.FindAll(one => one.Readers is not { Unused: false } && remote?.IsPinned(one.Path) != true);
            _retired.RemoveAll(free.Contains);
        }

        foreach (var (path, _) in free) cold.Delete(path);
    }

    private void SetAside(SeriesTable table, ColdFile file, string fault)
    {
        if (remote?.IsSafe(file.Path) != true)
        {
            lock (gate) _damaged[file] = fault;
            return;
        }

        if (!IsMarked(file)) Commit(Manifest);
        lock (gate) table.Cold = table.Cold.Change([file], [cold.Blocks(table, file with { Remote = true })]);

        // At once, though queries may be at it: it is no use to them.
        cold.Delete(file.Path);
    }

    private bool IsMarked(ColdFile file) => Manifest.Tables.Any(table => table.Files.Any(known => known.Remote && known == file));

    private void Change(SeriesTable table, IReadOnlyCollection<ColdFile> without, IReadOnlyCollection<ColdFile> with)
    {
        var gone = table.Cold.Files.Where(file => without.Contains(file.File)).ToList();
        table.Cold = table.Cold.Change(without, with.Select(file => cold.Blocks(table, file)));
        _retired.AddRange(gone.Select(static file => (file.File.Path, (ColdBlocks?)file)));
    }

    // What no file can have any more needs no name.
    private void ForgetReplaced(SeriesTable table)
    {
        var oldest = table.Cold.Files.Select(static file => file.File.FromNs).DefaultIfEmpty(long.MaxValue).Min();
        table.Replaced.Remove(row => row.Target <= Manifest.Generation && row.TimeNs < oldest);
    }

    private void Commit(Manifest next)
    {
        if (remote is not null)
        {
            next = next with
            {
                Bucket = remote.Name,
                Tables = [.. next.Tables.Select(table => table with { Files = [.. table.Files.Select(file => !file.Remote && remote.IsSafe(file.Path) ? file with { Remote = true } : file)] })],
            };
        }

        files.WriteManifest(next);
        var unlisted = Manifest.Names.Except(next.Names).Concat(
            Manifest.Tables.Select(static table => table.Replaced).Except(next.Tables.Select(static table => table.Replaced)).OfType<string>()).ToList();
        lock (gate) _retired.AddRange(unlisted.Select(static path => (path, (ColdBlocks?)null)));
        Manifest = next;
        remote?.Committed(next);
    }

    private ManifestTable WithFiles(ManifestTable table, SealedRows rows, Dictionary<int, string?> replaced)
    {
        var before = Manifest.Tables.FirstOrDefault(known => known.Id == table.Id);
        return table with
        {
            Files = [.. before?.Files ?? [], .. rows.Written.GetValueOrDefault(table.Id) ?? []],
            Replaced = replaced.TryGetValue(table.Id, out var path) ? path : before?.Replaced,
        };
    }

    private IReadOnlyList<ColdFile> WriteRows(SeriesTable table, int generation, CancellationToken stop)
    {
        var hot = table.Sealed!;
        var chunks = new RowColumns[(hot.Rows + RowColumns.Capacity - 1) / RowColumns.Capacity];
        for (var i = 0; i < chunks.Length; i++) chunks[i] = hot[i].Rows;
        List<RowKey> own;
        lock (gate) own = [.. table.Replaced.View.Rows.ToArray().Where(row => row.Target == generation && row.Generation == generation).Select(static row => row.Key).Order()];
        return ColdMove.Write(files, table, generation, chunks, table.Stored, own, stop);
    }

    /// <summary>Writes what is replaced in the files once a generation is one of them.</summary>
    /// <returns>The file; null where nothing is.</returns>
    private string? WriteReplaced(SeriesTable table, int generation, HashSet<RowKey> without)
    {
        ReplacedRow[] all;
        lock (gate) all = table.Replaced.View.Rows.ToArray();
        var durable = Array.FindAll(all, row => row.Generation <= generation && !(row.Generation == generation && row.Target == generation) && !without.Contains(row.Key));
        var before = Manifest.Tables.FirstOrDefault(known => known.Id == table.Id)?.Replaced;
        if (durable.Length == 0) return null;
        if (before is not null && without.Count == 0 && !durable.Any(row => row.Generation == generation)) return before;
        var path = files.ReplacedPath(table, generation);
        AtomicFile.Write(files.Disk, path, ReplacedFile.Write(durable));
        return path;
    }

    // A row may go once the one that replaced it is in a file: until then it is what a replay after a crash begins with.
    private List<RowKey> Droppable(SeriesTable table, IReadOnlyList<ColdFile> parts)
    {
        var (from, to) = (parts.Min(static file => file.FromNs), parts.Max(static file => file.ToNs));
        ReplacedRow[] all;
        lock (gate) all = table.Replaced.View.Rows.ToArray();
        return [.. all.Where(row => row.Generation <= Manifest.Generation && row.TimeNs >= from && row.TimeNs <= to).Select(static row => row.Key).Order()];
    }
}
