using Millrace.Storage.Files;
namespace Millrace.Storage.Log;

/// <summary>The one thread that writes all logs. While it waits for the disk, the next round gathers: that is the group commit.</summary>
internal sealed class Committer : IAsyncDisposable
{
    private static readonly TimeSpan RetentionEvery = TimeSpan.FromMinutes(1);

    // Not a Lock: the thread waits on it.
    private readonly object _gate = new();
    private readonly LogEnvironment _environment;
    private readonly CommitNotifier _notifier;
    private readonly CommitRound _round;
    private readonly List<PartitionWriter> _writers = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _retryTimer;
    private readonly ITimer _retentionTimer;
    private readonly ITimer _delayTimer;
    private readonly Queue<(PartitionWriter[] Writers, TaskCompletionSource Done)> _removals = [];
    private readonly Queue<(Action Work, TaskCompletionSource Done)> _between = [];
    private readonly bool _threaded;
    private List<PartitionWriter> _dirty = [];
    private List<PartitionWriter> _taken = [];
    private bool _idle;
    private bool _retryDue;
    private bool _retentionDue;
    private bool _delayOver;
    private bool _stopping;

    /// <param name="environment">Of the store.</param>
    /// <param name="threaded">False where the caller drives <see cref="RunOnce"/> itself.</param>
    public Committer(LogEnvironment environment, bool threaded)
    {
        _environment = environment;
        _threaded = threaded;
        _notifier = new CommitNotifier(environment.Logger);
        _round = new CommitRound(environment, _notifier, Wake);
        _retryTimer = Timer(() => _retryDue = true, Timeout.InfiniteTimeSpan);
        _delayTimer = Timer(() => _delayOver = true, Timeout.InfiniteTimeSpan);
        _retentionTimer = Timer(() => _retentionDue = true, RetentionEvery);
        if (threaded) new Thread(Run) { IsBackground = true, Name = "millrace log" }.Start();
    }

    public StoreHealth Health => _round.Health;

    public void Add(PartitionWriter writer)
    {
        lock (_gate)
        {
            _writers.Add(writer);
            _retentionDue = true;
        }
    }

    /// <summary>Ends when the writers have written what they could and will write no more.</summary>
    public Task RemoveAsync(PartitionWriter[] writers)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_ended.Task.IsCompleted) return Task.CompletedTask;
            _removals.Enqueue((writers, done));
            Monitor.Pulse(_gate);
        }

        if (!_threaded) RunOnce();
        return done.Task;
    }

    /// <summary>Runs something on the commit thread, between two commits: all that was told as safe is in the files, and nothing is under way.</summary>
    public Task BetweenAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stopping) return Task.FromException(new Contracts.FaultException(Contracts.Fault.Unavailable, "the log store is closed"));
            _between.Enqueue((work, done));
            Monitor.Pulse(_gate);
        }

        if (!_threaded) RunOnce();
        return done.Task;
    }

    /// <summary>The writer has something to write. Said once for a commit.</summary>
    public void Wake(PartitionWriter writer)
    {
        lock (_gate)
        {
            _dirty.Add(writer);
            if (_idle) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Writes what is pending, tries again what failed, and drops what is too old.</summary>
    public void RunOnce()
    {
        lock (_gate)
        {
            _retryDue = true;
            _retentionDue = true;
        }

        Round();
    }

    public Task NotifiedAsync() => _notifier.DrainedAsync();

    /// <summary>Writes what is pending, tries once more what the disk refused, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        if (!_threaded) End();
        await _ended.Task.ConfigureAwait(false);
        await _notifier.DrainedAsync().ConfigureAwait(false);
        await _retryTimer.DisposeAsync().ConfigureAwait(false);
        await _retentionTimer.DisposeAsync().ConfigureAwait(false);
        await _delayTimer.DisposeAsync().ConfigureAwait(false);
    }

    private void Run()
    {
        while (WaitForWork()) Round();
        End();
    }

    private bool WaitForWork()
    {
        lock (_gate)
        {
            while (!_stopping && _dirty.Count == 0 && !_retryDue && !_retentionDue && _removals.Count == 0 && _between.Count == 0) Rest();
            if (_environment.Options.CommitDelay > TimeSpan.Zero && _dirty.Count > 0)
            {
                _delayOver = false;
                _delayTimer.Change(_environment.Options.CommitDelay, Timeout.InfiniteTimeSpan);
                while (!_stopping && !_delayOver) Rest();
            }

            return !_stopping;
        }
    }

    private void Rest()
    {
        _idle = true;
        Monitor.Wait(_gate);
        _idle = false;
    }

    private void Round()
    {
        bool retry, retention;
        lock (_gate)
        {
            (_taken, _dirty) = (_dirty, _taken);
            (retry, _retryDue) = (_retryDue, false);
            (retention, _retentionDue) = (_retentionDue, false);
        }

        if (_round.Run(_taken, retry) is { } later) _retryTimer.Change(later, Timeout.InfiniteTimeSpan);
        _taken.Clear();
        Remove();
        WorkBetween();
        if (retention) DropOld();
    }

    private void WorkBetween()
    {
        while (true)
        {
            (Action Work, TaskCompletionSource Done) between;
            lock (_gate)
                if (!_between.TryDequeue(out between)) return;
            try
            {
                between.Work();
                between.Done.SetResult();
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or Contracts.FaultException)
            {
                between.Done.SetException(failed);
            }
        }
    }

    private void Remove()
    {
        while (true)
        {
            (PartitionWriter[] Writers, TaskCompletionSource Done) removal;
            lock (_gate)
            {
                if (!_removals.TryDequeue(out removal)) return;
                _writers.RemoveAll(writer => removal.Writers.Contains(writer));
            }

            // They take no more, and what they took may not have called yet.
            _round.Run([.. removal.Writers.Where(static writer => writer.Unwritten > 0)], retry: false);
            foreach (var writer in removal.Writers) _round.Remove(writer);
            _round.Run([], retry: false);
            removal.Done.SetResult();
        }
    }

    private void DropOld()
    {
        PartitionWriter[] writers;
        lock (_gate) writers = [.. _writers];
        foreach (var writer in writers)
        {
            try
            {
                writer.DropOld();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or Contracts.FaultException)
            {
                _environment.Logger.RetentionFailed(writer.Name, e);
            }
        }
    }

    private void End()
    {
        lock (_gate) _dirty.AddRange(_writers);
        RunOnce();
        foreach (var writer in _writers)
        {
            if (writer.Unwritten > 0) _environment.Logger.ClosedUnwritten(writer.Name, writer.Unwritten);
            writer.Dispose();
        }

        _ended.SetResult();
    }

    private ITimer Timer(Action mark, TimeSpan every) => _environment.Clock.CreateTimer(_ =>
    {
        lock (_gate)
        {
            mark();
            Monitor.Pulse(_gate);
        }
    }, null, every, every);
}
