using System.Globalization;
using Millrace.Contracts;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series;

/// <summary>Moves generations into files and into the manifest, and takes old files out again. One thing at a time.</summary>
/// <remarks><see cref="Write"/>, <see cref="Merge"/> and <see cref="Forget"/> take long and are not under the store's lock; the others are short and are.</remarks>
internal sealed class SeriesMover(SeriesFiles files, SeriesDatabase database, SeriesTables tables, FlowPositions flows, Manifest manifest)
{
    private const int MaxNamesFiles = 16;
    private const int MaxParts = 16;
    private const long DayNs = 86_400_000_000_000;

    // Files that no manifest lists any more, and the number of the query after which nobody can be reading them.
    private readonly List<(string Path, long LastReader)> _retired = [];

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
            // Where all points were absorbed or refused there are no rows, and nothing in DuckDB.
            if (table.Hot is { Rows: 0 }) table.Hot.Dispose();
            else table.Sealed = table.Hot;
            table.Sealed?.Close();
            table.Hot = null;
        }

        return new SealedRows
        {
            Generation = generation,
            Tables = withRows,
            Schema = [.. tables.All.Select(SeriesTables.Describe)],
            WithReplaced = withRows.Where(static table => table.Replaced.Any).Select(static table => table.Id).ToHashSet(),
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
            using var connection = database.Connect();
            foreach (var table in rows.Tables)
                if (!rows.Written.ContainsKey(table.Id)) rows.Written.Add(table.Id, WriteRows(connection, table, rows.Generation));
            var replaced = rows.Schema.Where(table => rows.WithReplaced.Contains(table.Id)).ToDictionary(
                static table => table.Id, table => WriteReplaced(connection, rows.Tables.First(one => one.Id == table.Id), rows.Generation));
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
        catch (DuckDbException failed)
        {
            throw new FaultException(Fault.Unavailable, failed.Message, failed);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, failed.Message, failed);
        }
    }

    /// <summary>Lets queries see the files in place of the rows in memory.</summary>
    public void Finish(SealedRows rows)
    {
        foreach (var table in rows.Tables) table.Cold.AddRange(rows.Written[table.Id]);
        var hot = rows.Tables.Select(static table => table.Sealed!).ToList();
        foreach (var table in rows.Tables) table.Sealed = null;
        try
        {
            database.Swap(rows.Tables, [
                .. hot.Select(static rows => $"DROP TABLE IF EXISTS {SeriesSql.Own(rows.Name)}"),
                .. rows.Tables.Where(table => rows.WithReplaced.Contains(table.Id)).Select(table => table.Replaced.Forget(rows.Generation))]);
        }
        catch
        {
            for (var i = 0; i < hot.Count; i++)
            {
                rows.Tables[i].Sealed = hot[i];
                rows.Tables[i].Cold.RemoveAll(rows.Written[rows.Tables[i].Id].Contains);
            }

            throw;
        }

        foreach (var left in hot) left.Dispose();
    }

    /// <summary>Deleted tables that the manifest no longer lists: their files go when the queries that began before have ended.</summary>
    public void RetireDeleted(SealedRows rows, long lastQuery)
    {
        var gone = tables.Deleted.Where(table => rows.Schema.All(listed => listed.Id != table.Id)).ToList();
        _retired.AddRange(gone.SelectMany(static table => table.Cold).Select(file => (file.Path, lastQuery)));
        tables.Deleted.RemoveAll(gone.Contains);
    }

    /// <summary>Files whose newest row is older than its table keeps rows.</summary>
    public IReadOnlyList<(SeriesTable Table, ColdFile File)> Expired(DateTimeOffset now) =>
    [
        .. from table in tables.All
           let until = table.Options.Retention is { } kept ? (now - DateTimeOffset.UnixEpoch - kept).Ticks * 100 : long.MinValue
           from file in table.Cold
           where file.ToNs < until
           select (table, file),
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
    public void Drop(IReadOnlyList<(SeriesTable Table, ColdFile File)> expired, long lastQuery)
    {
        foreach (var (table, file) in expired) table.Cold.Remove(file);
        database.Swap([.. expired.Select(static one => one.Table).Distinct()], []);
        _retired.AddRange(expired.Select(one => (one.File.Path, lastQuery)));
    }

    /// <summary>A table with files that are to become one; null where there is none.</summary>
    public (SeriesTable Table, IReadOnlyList<ColdFile> Files)? ToMerge(DateTimeOffset now) => tables.All
        .Select(table => ((SeriesTable Table, IReadOnlyList<ColdFile> Files)?)(table, Compaction.Pick(table.Cold, now)))
        .FirstOrDefault(static one => one!.Value.Files.Count > 0);

    /// <summary>Writes one file that has the rows of several, and puts it into their place in the manifest.</summary>
    public ColdFile Merge(SeriesTable table, IReadOnlyList<ColdFile> parts)
    {
        var path = Enumerable.Range(0, int.MaxValue).Select(number => SeriesFiles.MergedPath(table, Manifest.Generation, number)).First(path => !files.Exists(path));
        ColdFile merged;
        try
        {
            using var connection = database.Connect();
            using var copied = connection.Query(SeriesSql.CopyMerged(table, parts, files.Root, files.Full(path)));
            merged = new ColdFile(
                path, copied.Scalar(), files.Sync(path), parts.Min(static file => file.FromNs), parts.Max(static file => file.ToNs), parts.Max(static file => file.Columns));
        }
        catch (DuckDbException failed)
        {
            throw new FaultException(Fault.Unavailable, failed.Message, failed);
        }

        files.SyncDirectory(table);
        Commit(Manifest with
        {
            Tables = [.. Manifest.Tables.Select(known => known.Id == table.Id ? known with { Files = [.. known.Files.Except(parts), merged] } : known)],
        });
        return merged;
    }

    /// <summary>Lets queries see the one file in place of the several.</summary>
    public void Finish(SeriesTable table, IReadOnlyList<ColdFile> parts, ColdFile merged, long lastQuery)
    {
        table.Cold.RemoveAll(parts.Contains);
        table.Cold.Add(merged);
        database.Swap([table], []);
        _retired.AddRange(parts.Select(file => (file.Path, lastQuery)));
    }

    /// <summary>Deletes files that are in no manifest, and that no query reads any more.</summary>
    /// <param name="oldestQuery">The oldest that still runs.</param>
    public void DeleteDropped(long oldestQuery)
    {
        foreach (var (path, _) in _retired.Where(one => one.LastReader < oldestQuery)) files.Delete(path);
        _retired.RemoveAll(one => one.LastReader < oldestQuery);
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

    private List<ColdFile> WriteRows(Connection connection, SeriesTable table, int generation)
    {
        var hot = table.Sealed!;
        var written = new List<ColdFile>();
        files.MakeTableDirectory(table);
        var parts = Parts(connection, hot);
        for (var part = 0; part < parts.Count; part++)
        {
            var (from, to) = parts[part];
            var path = SeriesFiles.RowsPath(table, generation, part);
            var where = parts.Count == 1 ? "" : $"time BETWEEN {SeriesSql.Time(from)} AND {SeriesSql.Time(to)}";
            using var copied = connection.Query(SeriesSql.CopyHot(table, hot, files.Full(path), where));
            var rows = copied.Scalar();
            var bytes = files.Sync(path);
            if (rows > 0) written.Add(new ColdFile(path, rows, bytes, from, to, hot.Columns));
            else files.Delete(path);
        }

        files.SyncDirectory(table);
        return written;
    }

    private string WriteReplaced(Connection connection, SeriesTable table, int generation)
    {
        var path = SeriesFiles.ReplacedPath(table, generation);
        connection.Execute(table.Replaced.Copy(generation, files.Full(path)));
        files.Sync(path);
        files.SyncDirectory(table);
        return path;
    }

    // A file for each day, so that retention can drop whole files; where stragglers come from many days, for each month, year, or one for all.
    private static List<(long From, long To)> Parts(Connection connection, HotRows hot)
    {
        var days = new List<(long Day, long From, long To)>();
        using var result = connection.Query(string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT epoch_ns(time) // {DayNs} AS day, epoch_ns(min(time)), epoch_ns(max(time)) FROM {SeriesSql.Own(hot.Name)} GROUP BY day ORDER BY day"));
        while (result.Fetch() is { } chunk)
        {
            using (chunk)
            {
                for (var row = 0; row < chunk.Count; row++)
                    days.Add((chunk.Vector(0).Value<long>(row), chunk.Vector(1).Value<long>(row), chunk.Vector(2).Value<long>(row)));
            }
        }

        foreach (var width in (ReadOnlySpan<long>)[1, 30, 365])
        {
            var parts = days.GroupBy(day => day.Day / width).Select(static part => (part.Min(static day => day.From), part.Max(static day => day.To))).ToList();
            if (parts.Count <= MaxParts) return parts;
        }

        return [(days[0].From, days[^1].To)];
    }
}
