using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>The one thread that writes documents. While it waits for the disk, the next commit gathers.</summary>
internal sealed class DocumentWriter : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    private readonly DocumentEnvironment _environment;
    private readonly DocumentState _state;
    private readonly Journal _journal;
    private readonly string _path;
    private readonly WriteNotices _notices;
    private readonly JournalFrame _frame = new();
    private readonly ITimer _retryTimer;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _threaded;
    private StoreHealth _health = StoreHealth.Good;
    private TimeSpan _retry = FirstRetry;
    private int _writes;
    private long _cost;

    /// <param name="environment">Of the store.</param>
    /// <param name="state">What the journal says.</param>
    /// <param name="path">Of the journal.</param>
    /// <param name="file">Null where there is none yet.</param>
    /// <param name="threaded">False where the caller drives <see cref="RunOnce"/> itself.</param>
    public DocumentWriter(DocumentEnvironment environment, DocumentState state, string path, JournalFile? file, bool threaded)
    {
        _environment = environment;
        _state = state;
        _journal = new Journal(environment, state, path, file);
        _path = path;
        _notices = new WriteNotices(environment.Logger);
        _retryTimer = environment.Clock.CreateTimer(static state => ((DocumentState)state!).Retry(), state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _threaded = threaded;
        if (threaded) new Thread(Run) { IsBackground = true, Name = "millrace documents" }.Start();
    }

    /// <summary>Any thread may ask.</summary>
    public StoreHealth Health => Volatile.Read(ref _health);

    /// <summary>Writes what is pending, tries again what failed, and goes on with a new journal where one is under way.</summary>
    public void RunOnce()
    {
        _state.Retry();
        Round();
    }

    /// <summary>Writes what is pending, tries once more what the disk refused, and stops. The state is closed before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_threaded) End();
        await _ended.Task.ConfigureAwait(false);
        await _retryTimer.DisposeAsync().ConfigureAwait(false);
    }

    private void Run()
    {
        while (_journal.Rewriting && Health.Healthy ? !_state.Closed : _state.WaitForWork()) Round();
        End();
    }

    private void Round()
    {
        Gather(out var retry);
        if (!Health.Healthy && !retry) return;
        if (_writes == 0 && !_journal.Rewriting) return;
        try
        {
            if (_journal.Prepare()) Gather(out _);
            _journal.Commit(_frame);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failed(e);
            return;
        }

        Committed();
        _journal.GoOn(_frame);
        _frame.Clear();
    }

    private void Gather(out bool retry)
    {
        var taken = _state.Take(out retry);
        _frame.Add(taken.Changes);
        _notices.Add(taken.Listeners);
        _writes += taken.Writes;
        _cost += taken.Cost;
        taken.Clear();
    }

    private void Committed()
    {
        _state.Committed(_cost);
        _cost = 0;
        _writes = 0;
        _retry = FirstRetry;
        if (Health.Since is { } since)
        {
            Volatile.Write(ref _health, StoreHealth.Good);
            _environment.Logger.WriteRecovered(_environment.Clock.GetUtcNow() - since);
        }

        _notices.Tell();
    }

    private void Failed(Exception e)
    {
        if (Health.Healthy)
        {
            var message =
                $"{_path} cannot be written: {e.Message} ({Free()}). Nobody is told that documents are safe and nothing is lost; it is tried again until it works.";
            Volatile.Write(ref _health, new StoreHealth(message, _environment.Clock.GetUtcNow()));
            _environment.Logger.WriteFailed(message, e);
        }
        else
        {
            _retry = _retry * 2 < LastRetry ? _retry * 2 : LastRetry;
        }

        _retryTimer.Change(_retry, Timeout.InfiniteTimeSpan);
    }

    private string Free()
    {
        try
        {
            return $"{new ByteSize(_environment.Disk.FreeBytes / 1024 * 1024)} free";
        }
        catch (IOException)
        {
            return "free space unknown";
        }
    }

    private void End()
    {
        RunOnce();
        if (_writes > 0) _environment.Logger.ClosedUnwritten(_path, _writes);
        _journal.Dispose();
        _ended.SetResult();
    }
}
