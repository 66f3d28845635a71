using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Scans;

/// <summary>What one statement reads: of each table one snapshot, however often it is mentioned; and other rows that were made for it. Any thread.</summary>
internal sealed class ScanScope : IRowSources, IDisposable
{
    private readonly Func<long, SeriesTable?> _tables;
    private readonly Func<SeriesTable, TableSnapshot>? _take;
    private readonly IDisposable? _use;
    private readonly Lock _lock = new();
    private readonly Dictionary<SeriesTable, TableSnapshot> _snapshots = [];
    private readonly List<IRowSource> _registered = [];
    private readonly List<SeriesScan> _scans = [];
    private bool _stopped;
    private bool _disposed;

    /// <param name="tables">By their ids.</param>
    /// <param name="take">Takes a snapshot; null where nothing will be read, only described.</param>
    /// <param name="use">Lets statements read from here, until what it gives is disposed.</param>
    public ScanScope(Func<long, SeriesTable?> tables, Func<SeriesTable, TableSnapshot>? take, Func<IRowSources, IDisposable>? use)
    {
        (_tables, _take) = (tables, take);
        _use = use?.Invoke(this);
    }

    /// <summary>Nobody wants the rest.</summary>
    public bool Stopped => Volatile.Read(ref _stopped);

    /// <summary>The table as it was when the statement first mentioned it; the scope's to dispose.</summary>
    /// <param name="table">One of the store's.</param>
    public TableSnapshot Snapshot(SeriesTable table)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_snapshots.TryGetValue(table, out var snapshot)) _snapshots.Add(table, snapshot = _take!(table));
            return snapshot;
        }
    }

    /// <summary>Rows that the statement may mention by the number it gets.</summary>
    /// <returns>The argument for <see cref="RowFunction"/>: negative, for others are tables by their id.</returns>
    public long Register(IRowSource source)
    {
        lock (_lock)
        {
            _registered.Add(source);
            return -_registered.Count;
        }
    }

    public IRowSource? Find(long number)
    {
        if (number < 0)
        {
            lock (_lock) return -number <= _registered.Count ? _registered[(int)(-number - 1)] : null;
        }

        return _tables(number) is { } table ? new TableRows(this, table, _take is null ? null : Snapshot(table), ScanRange.All) : null;
    }

    /// <summary>A scan that is to end when the statement is stopped.</summary>
    public void Add(SeriesScan scan)
    {
        lock (_lock)
        {
            scan.Stopped = _stopped;
            _scans.Add(scan);
        }
    }

    /// <summary>Ends what is being scanned.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (var scan in _scans) scan.Stopped = true;
        }
    }

    /// <summary>When nothing of the statement runs any more.</summary>
    public void Dispose()
    {
        _use?.Dispose();
        lock (_lock)
        {
            _disposed = true;
            foreach (var snapshot in _snapshots.Values) snapshot.Dispose();
            _snapshots.Clear();
        }
    }
}
