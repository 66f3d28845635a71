using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;
using Millrace.Storage.Series;

namespace Millrace.Server.Writes;

/// <summary>The door for writing to tables without a flow: a log of its own, and the one that carries it into the tables.</summary>
/// <remarks>
/// A request's records are appended, and applied in the order of the log once they are safe; then the request is answered. So an answer means that they
/// would survive pulling the plug, and that queries see them. After a crash the log is applied again from where the tables' files say: what they hold
/// already is absorbed, and what was refused is refused again, for the log says when it came.
/// </remarks>
internal sealed partial class WriteLog : IAsyncDisposable
{
    /// <summary>No pipeline can name it: names of streams have no dot.</summary>
    public const string LogName = "api.write";

    /// <summary>What its position is kept under, beside those of flows.</summary>
    public const string Flow = "api.write/0";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReleaseEvery = TimeSpan.FromSeconds(10);

    /// <summary>So long somebody waits for an answer before the health of the disk is looked at.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly RecordLog _log;
    private readonly LogPartition _partition;
    private readonly SeriesStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly WriteApplier _applier;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<WriteResult>> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly long _replayTo;
    private Task _running = Task.CompletedTask;
    private long _at;
    private long _released;
    private long _releasedAt;
    private FaultException? _failure;

    /// <param name="log">Of <see cref="LogName"/>, with one partition.</param>
    /// <param name="store">The tables.</param>
    /// <param name="clock">For waits.</param>
    /// <param name="logger">Told what an operator should know.</param>
    public WriteLog(RecordLog log, SeriesStore store, TimeProvider clock, ILogger logger)
    {
        (_log, _partition, _store, _clock, _logger) = (log, log.Partitions[0], store, clock, logger);
        _log.Keep(new LogRetention());
        _applier = new WriteApplier(store, Flow);
        _at = _replayTo = _partition.End;
    }

    /// <summary>What earlier lives were answered for is in the tables.</summary>
    public bool IsCaughtUp => Volatile.Read(ref _at) >= _replayTo;

    /// <summary>Entries that are safe and not yet applied.</summary>
    public long Waiting => Math.Max(0, _partition.End - Volatile.Read(ref _at));

    /// <summary>Why nothing can be written any more; null where all is well.</summary>
    public string? Problem => _failure?.Message;

    /// <summary>Begins to apply, where the last life stopped.</summary>
    public void Start()
    {
        _at = Math.Max(_partition.Start, _store.CheckpointOf(Flow)?.Offset ?? 0);
        if (_at > _partition.End)
            throw new FaultException(Fault.Corrupt, $"the tables hold writes up to {_at}, and the log {LogName} ends at {_partition.End}: restore both from the same backup");
        _running = Task.Run(RunAsync);
    }

    /// <summary>Why nothing can be brought to the disk at the moment; null where all is well.</summary>
    public Func<string?> Trouble { get; init; } = static () => null;

    /// <summary>Appends an entry, and ends when it can be waited for.</summary>
    /// <returns>Ends when the entry is safe and applied; as Unavailable where the disk takes nothing, or the server stops: it may become safe all the same.</returns>
    /// <exception cref="FaultException">Refused: it is too large. Unavailable: as above.</exception>
    public async Task<Task<WriteResult>> AppendAsync(bool isCsv, ReadOnlyMemory<byte> payload, CancellationToken stop)
    {
        while (true)
        {
            if (TryAppend(isCsv, payload.Span) is { } applied) return OrTroubleAsync(applied, stop);
            await OrTroubleAsync(RoomAsync(stop), stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Fail(new FaultException(Fault.Unavailable, "the server stops; send the records again: those that are stored already are absorbed"));
        _stop.Dispose();
    }

    // Who waits could not tell a disk that is full from a server that is busy.
    private async Task<T> OrTroubleAsync<T>(Task<T> task, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await task.WaitAsync(Patience, _clock, stop);
            }
            catch (TimeoutException) when (Trouble() is { } why)
            {
                throw new FaultException(
                    Fault.Unavailable, $"whether the records will be stored is not known, because the disk takes nothing now: {why}. Send them again later: those that are stored by then are absorbed.");
            }
            catch (TimeoutException)
            {
                // Only slow.
            }
        }
    }

    private async Task<bool> RoomAsync(CancellationToken stop)
    {
        await _partition.WaitForRoomAsync(stop);
        return true;
    }

    private Task<WriteResult>? TryAppend(bool isCsv, ReadOnlySpan<byte> payload)
    {
        // Under the lock: it may be applied as soon as it is appended, and must be waited for by then.
        lock (_gate)
        {
            if (_failure is not null) throw _failure;
            if (_partition.TryAppend(WriteEntry.Of(isCsv, payload), null, out var offset) == 0) return null;
            var waiting = new TaskCompletionSource<WriteResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(offset, waiting);
            return waiting.Task;
        }
    }

    private async Task RunAsync()
    {
        using var entries = new RecordBatch();
        var told = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                entries.Clear();
                if (_partition.TryRead(_at, entries)) Carry(entries);
                else await WaitAsync();
                told = false;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (FaultException away) when (away.Fault == Fault.Unavailable)
            {
                _store.Abandoned(Flow);
                if (!told) LogWaits(_logger, away.Message);
                told = true;
                await Task.Delay(RetryAfter, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
#pragma warning disable CA1031 // Whatever it is, whoever waits must be told, and the server goes on without this door.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogFailed(_logger, failure);
                _store.Abandoned(Flow);
                Fail(new FaultException(Fault.Unavailable, $"records that are written over HTTP cannot be carried into their tables: {failure.Message}; the server's log says more"));
                return;
            }
        }
    }

    // A frame at a time, as flows do: the position between two of its entries could not be kept.
    private void Carry(RecordBatch entries)
    {
        var results = new WriteResult[entries.Count];
        for (var i = 0; i < entries.Count; i++) results[i] = entries[i].Offset < _at ? new WriteResult() : _applier.Apply(entries[i]);
        _store.Reached(Flow, new Checkpoint(entries.Through, default));
        _store.Show();
        for (var i = 0; i < entries.Count; i++)
        {
            TaskCompletionSource<WriteResult>? waiting;
            lock (_gate) _waiting.Remove(entries[i].Offset, out waiting);
            waiting?.SetResult(results[i]);
        }

        Volatile.Write(ref _at, entries.Through);
        Release();
    }

    // What the files hold need not be read again: whole segments of it go.
    private void Release()
    {
        if (_clock.GetElapsedTime(_releasedAt) < ReleaseEvery) return;
        _releasedAt = _clock.GetTimestamp();
        if (_store.MovedOf(Flow) is { } moved && moved.Offset > _released) _log.Keep(new LogRetention(Before: _released = moved.Offset));
    }

    private async Task WaitAsync()
    {
        using var tick = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        tick.CancelAfter(ReleaseEvery);
        try
        {
            await _partition.WaitForRecordsAsync(_at, tick.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            Release();
        }
    }

    private void Fail(FaultException failure)
    {
        lock (_gate)
        {
            _failure = failure;
            foreach (var waiting in _waiting.Values) waiting.TrySetException(failure);
            _waiting.Clear();
        }
    }

    [LoggerMessage(EventId = 420, Level = LogLevel.Warning, Message = "Records that were written over HTTP wait for their tables: {Reason}")]
    private static partial void LogWaits(ILogger logger, string reason);

    [LoggerMessage(EventId = 421, Level = LogLevel.Critical, Message = "Records that were written over HTTP cannot be carried into their tables; they stay in the log")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
