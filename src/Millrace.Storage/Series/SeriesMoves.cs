using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Storage.Files;

namespace Millrace.Storage.Series;

/// <summary>Decides when rows in memory are sealed and moved to files, and when old files go; runs that in the background, one at a time.</summary>
/// <remarks>Members are under the store's lock, but for <see cref="MoveAsync"/>, <see cref="Health"/>, <see cref="Dispose"/> and what runs in the background.</remarks>
internal sealed class SeriesMoves : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SealWaitEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MergeRetryAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetentionEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestSlowing = TimeSpan.FromMilliseconds(100);

    /// <summary>Of the memory that rows may take.</summary>
    private const double SlowFrom = 0.75;

    private readonly object _gate;
    private readonly SeriesOptions _options;
    private readonly SeriesBudget _budget;
    private readonly TimeProvider _clock;
    private readonly SeriesMover _mover;
    private readonly ISealing _store;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SealedRows? _sealed;
    private HotTotals _onTheirWay = new();
    private bool _working;
    private bool _wanted;
    private bool _disposed;
    private long _wantedAt;
    private DateTimeOffset? _since;
    private DateTimeOffset _retryAt;
    private DateTimeOffset _retentionAt;
    private DateTimeOffset _mergeAt;
    private long _moves;
    private long _failedMoves;
    private long _failedMerges;
    private long _slowed;
    private TimeSpan _moveTime;
    private volatile StoreHealth _health = StoreHealth.Good;
    private string? _mergeProblem;

    public SeriesMoves(object gate, SeriesOptions options, SeriesBudget budget, TimeProvider clock, SeriesMover mover, ISealing store, ILogger logger)
    {
        _gate = gate;
        _options = options;
        _budget = budget;
        _clock = clock;
        _mover = mover;
        _store = store;
        _logger = logger;
        Generation = mover.Manifest.Generation + 1;
        _timer = clock.CreateTimer(static moves => ((SeriesMoves)moves!).OnTick(), this, Tick, Tick);
    }

    /// <summary>The one that rows are written into.</summary>
    public int Generation { get; private set; }

    /// <summary>What has been written into it.</summary>
    public HotTotals Current { get; private set; } = new();

    public StoreHealth Health => _health;

    /// <summary>How far a flow is by the manifest.</summary>
    public Checkpoint? MovedOf(string flow) => _mover.Manifest.Flows.TryGetValue(flow, out var moved) ? moved : null;

    /// <summary>Rows take three quarters of what they may, and writers are slowed: their files are not written as fast as they come.</summary>
    private string? Pressure => Fullness < SlowFrom ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"time series in memory fill {Fullness:P0} of what they may take ({new ByteSize(_budget.RowBytes)} of memoryLimit), because files are not written as fast as rows come: writers are slowed, and refused when it is full");

    /// <summary>What is wrong and holds nobody up.</summary>
    public IEnumerable<string> Warnings() => [.. new[] { Pressure, _mergeProblem }.OfType<string>(), .. _mover.Damages];

    public SeriesStats AddTo(SeriesStats stats) => stats with
    {
        BudgetBytes = _budget.Total,
        BudgetRowBytes = _budget.RowBytes,
        SlowedWrites = _slowed,
        HotRows = Current.Rows + _onTheirWay.Rows,
        HotBytes = Current.Bytes + _onTheirWay.Bytes,
        Moves = _moves,
        FailedMoves = _failedMoves,
        FailedMerges = _failedMerges,
        MoveTime = _moveTime,
    };

    /// <summary>A deleted table's rows that no move has sealed are gone.</summary>
    public void Drop(SeriesTable table)
    {
        if (table.Hot is not { } hot) return;
        Current.Rows -= hot.Rows;
        table.Hot = null;
    }

    /// <summary>Some table keeps its rows for another time: what is older goes with the next tick.</summary>
    public void RetentionChanged() => _retentionAt = default;

    /// <summary>Something was written or reached: is it time?</summary>
    public void Consider()
    {
        _since ??= _clock.GetUtcNow();
        if (_wanted || _sealed is not null) return;
        if (Current.Rows >= _options.MoveRows || Current.Bytes >= _budget.MoveBytes || _clock.GetUtcNow() - _since >= _options.MoveAge) Want();
    }

    /// <summary>Seals, where that is wanted and no flow is between writing and saying what it reached; then the move goes on in the background.</summary>
    public void TrySeal()
    {
        if (!_wanted || _sealed is not null || _disposed || !_store.AllSettled) return;
        _sealed = _mover.Seal(Generation++);
        (_onTheirWay, Current) = (Current, new HotTotals());
        (_wanted, _since) = (false, null);
        Changed();
        Work();
    }

    /// <summary>Where files are not written as fast as rows come, waits: shortly while memory fills, longer when it is full; then refuses.</summary>
    public void WaitForRoom(TimeSpan longest)
    {
        if (Fullness is var full and >= SlowFrom and < 1 && !_disposed)
        {
            _slowed++;
            Monitor.Wait(_gate, LongestSlowing * ((full - SlowFrom) / (1 - SlowFrom)));
        }

        if (Fullness < 1) return;
        for (var begun = Stopwatch.GetTimestamp(); Fullness >= 1 && !_disposed;)
        {
            var left = longest - Stopwatch.GetElapsedTime(begun);
            if (!_health.Healthy || left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                throw new FaultException(
                    Fault.Unavailable,
                    $"the time series hold {Current.Rows + _onTheirWay.Rows} rows in memory, which is the limit, and wait for their files: {_health.Message ?? "these are being written"}");
        }
    }

    /// <summary>Gives the flows that are between writing and saying what they reached a chance to finish, so that a seal comes about.</summary>
    public void WaitForSeal(TimeSpan longest)
    {
        // Every so often, as long as none came about: with many busy flows it would not by chance.
        if (_wanted && Stopwatch.GetElapsedTime(_wantedAt) >= SealWaitEvery) _wantedAt = Stopwatch.GetTimestamp();
        while (_wanted && _sealed is null && !_disposed && !_store.AllSettled)
        {
            var left = longest - Stopwatch.GetElapsedTime(_wantedAt);
            if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left)) return;
        }
    }

    public async Task MoveAsync(CancellationToken stop)
    {
        int last;
        long failed;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            last = Generation;
            failed = _failedMoves;
            _retryAt = default;
            if (_sealed is not null) Work();
        }

        while (true)
        {
            Task news;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_failedMoves > failed) throw new FaultException(Fault.Unavailable, _health.Message ?? "a move failed");
                if (_sealed is null && (Generation > last || _since is null)) return;
                if (Generation == last && !_wanted) Want();
                TrySeal();
                news = _news.Task;
            }

            await news.WaitAsync(stop);
        }
    }

    /// <summary>Ends after what runs in the background has ended.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _disposed = true;
            _stopping.Cancel();
            Changed();
            while (_working) Monitor.Wait(_gate);
        }

        _stopping.Dispose();
    }

    // Of rows, or of bytes, whichever is nearer to its limit.
    private double Fullness => Math.Max(
        (Current.Rows + _onTheirWay.Rows) / (double)(_options.MoveRows * _options.MaxHotFactor),
        (Current.Bytes + _onTheirWay.Bytes) / (double)_budget.RowBytes);

    private void Want() => (_wanted, _wantedAt) = (true, Stopwatch.GetTimestamp());

    private void Changed()
    {
        Monitor.PulseAll(_gate);
        var told = _news;
        _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.SetResult();
    }

    private void OnTick()
    {
        lock (_gate)
        {
            if (_disposed) return;
            var now = _clock.GetUtcNow();
            _budget.Dictionaries = _store.Dictionaries;
            try
            {
                if (_since is not null) Consider();
                TrySeal();
            }
            catch (FaultException failed)
            {
                Failed(failed);
            }

            if ((_sealed is not null && now >= _retryAt) || now >= _retentionAt) Work();
        }
    }

    private void Work()
    {
        if (_working || _disposed) return;
        _working = true;
        _ = Task.Factory.StartNew(
            static moves => ((SeriesMoves)moves!).RunWork(), this, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void RunWork()
    {
        try
        {
            if (_sealed is { } rows) Move(rows);
        }
        catch (Exception failed)
        {
            // Nobody waits for this task: whatever it is, it must be seen, and tried again.
            lock (_gate) Failed(failed);
        }

        try
        {
            DropExpired();
            Merge();
            _mover.Evict();
            _mover.DeleteRetired();
            lock (_gate)
                if (_clock.GetUtcNow() >= _mergeAt) _mergeProblem = null;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The store is closing; what was not finished is in no manifest.
        }
        catch (Exception failed)
        {
            // Rows are where they were; only the number of files grows.
            _logger.LogWarning("Time-series files were not merged, or old ones not dropped; it is tried again in {Minutes:0} minutes: {Reason}", MergeRetryAfter.TotalMinutes, failed.Message);
            lock (_gate)
            {
                _failedMerges++;
                _mergeAt = _clock.GetUtcNow() + MergeRetryAfter;
                _mergeProblem = $"time-series files were not merged, or old ones not dropped: {failed.Message}; nothing is lost, and it is tried again every {MergeRetryAfter.TotalMinutes:0} minutes";
            }
        }
        finally
        {
            lock (_gate)
            {
                _working = false;
                Changed();

                // Sealed while this was busy with something else.
                if (_sealed is not null && _clock.GetUtcNow() >= _retryAt) Work();
            }
        }
    }

    private void Failed(Exception failed)
    {
        _failedMoves++;
        _retryAt = _clock.GetUtcNow() + RetryAfter;
        _health = new StoreHealth(
            $"time series cannot be written to files: {failed.Message}; it is tried again every {RetryAfter.TotalSeconds:0} s, and until then rows stay in memory",
            _health.Since ?? _clock.GetUtcNow());
        Changed();
    }

    private void Move(SealedRows rows)
    {
        var begun = Stopwatch.GetTimestamp();
        _mover.Write(rows, CancellationToken.None);
        lock (_gate)
        {
            _mover.Finish(rows);
            _mover.RetireDeleted(rows);
            (_sealed, _onTheirWay) = (null, new HotTotals());
            _moves++;
            _moveTime += Stopwatch.GetElapsedTime(begun);
            _health = StoreHealth.Good;
            Changed();
        }

        _mover.DeleteRetired();
    }

    // As long as there is something to merge.
    private void Merge()
    {
        while (true)
        {
            (SeriesTable Table, IReadOnlyList<ColdFile> Files)? pick;
            var now = _clock.GetUtcNow();
            lock (_gate)
            {
                if (_sealed is not null || _disposed || now < _mergeAt) return;
                pick = _mover.ToMerge(now);
            }

            if (pick is not var (table, files)) return;
            _mover.Merge(table, files, now, BetweenRows);
            _mover.DeleteRetired();
        }
    }

    // A merge may take minutes, and rows that wait for their files do not wait for it.
    private void BetweenRows()
    {
        _stopping.Token.ThrowIfCancellationRequested();
        SealedRows? waiting;
        lock (_gate) waiting = _clock.GetUtcNow() >= _retryAt ? _sealed : null;
        if (waiting is null) return;
        try
        {
            Move(waiting);
        }
        catch (Exception failed)
        {
            lock (_gate) Failed(failed);
        }
    }

    private void DropExpired()
    {
        IReadOnlyList<(SeriesTable Table, ColdFile File)> expired;
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            if (now < _retentionAt) return;
            _retentionAt = now + RetentionEvery;
            expired = _mover.Expired(now);
        }

        if (expired.Count > 0)
        {
            _mover.Forget(expired.Select(static one => one.File));
            lock (_gate) _mover.Drop(expired);
        }
    }
}
