using System.Diagnostics;
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

    private readonly object _gate;
    private readonly SeriesOptions _options;
    private readonly TimeProvider _clock;
    private readonly SeriesMover _mover;
    private readonly ISealing _store;
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
    private TimeSpan _moveTime;
    private volatile StoreHealth _health = StoreHealth.Good;

    public SeriesMoves(object gate, SeriesOptions options, TimeProvider clock, SeriesMover mover, ISealing store)
    {
        _gate = gate;
        _options = options;
        _clock = clock;
        _mover = mover;
        _store = store;
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

    public SeriesStats AddTo(SeriesStats stats) => stats with
    {
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
        if (Current.Rows >= _options.MoveRows || Current.Bytes >= _options.MoveBytes.Bytes || _clock.GetUtcNow() - _since >= _options.MoveAge) Want();
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

    /// <summary>Where files cannot be written and memory is full, waits a little, then refuses.</summary>
    public void WaitForRoom(TimeSpan longest)
    {
        if (!IsFull()) return;
        for (var begun = Stopwatch.GetTimestamp(); IsFull() && !_disposed;)
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
            Changed();
            while (_working) Monitor.Wait(_gate);
        }
    }

    private bool IsFull() =>
        Current.Rows + _onTheirWay.Rows >= _options.MoveRows * _options.MaxHotFactor
        || Current.Bytes + _onTheirWay.Bytes >= _options.MoveBytes.Bytes * _options.MaxHotFactor;

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
        }
        catch (Exception)
        {
            // Rows are where they were; only the number of files grows, which the statistics show.
            lock (_gate)
            {
                _failedMerges++;
                _retentionAt = _mergeAt = _clock.GetUtcNow() + MergeRetryAfter;
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
    }

    private void Move(SealedRows rows)
    {
        var begun = Stopwatch.GetTimestamp();
        _mover.Write(rows);
        lock (_gate)
        {
            _mover.Finish(rows);
            _mover.RetireDeleted(rows);
            (_sealed, _onTheirWay) = (null, new HotTotals());
            _moves++;
            _moveTime += Stopwatch.GetElapsedTime(begun);
            _health = StoreHealth.Good;
        }

        _mover.DeleteDropped();
    }

    // As long as there is something to merge, and nothing more urgent to do.
    private void Merge()
    {
        while (true)
        {
            (SeriesTable Table, IReadOnlyList<ColdFile> Files)? pick;
            lock (_gate)
            {
                if (_sealed is not null || _disposed || _clock.GetUtcNow() < _mergeAt) return;
                pick = _mover.ToMerge(_clock.GetUtcNow());
            }

            if (pick is not var (table, files)) return;
            var merged = _mover.Merge(table, files);
            lock (_gate) _mover.Finish(table, files, merged);
            _mover.DeleteDropped();
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

        _mover.DeleteDropped();
    }
}
