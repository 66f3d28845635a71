using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query;

/// <summary>Stops a query that takes too long or too much, or that nobody waits for any more.</summary>
/// <remarks>
/// DuckDB forgets an interruption that comes between two statements, so it is repeated. Memory of the process is looked at too: DuckDB's own limit counts
/// buffers, but not single values and the states of some aggregates.
/// </remarks>
internal sealed class QueryWatch : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly Connection _connection;
    private readonly ScanScope _scope;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _longest;
    private readonly long _mostMemory;
    private readonly CancellationToken _stop;
    private readonly long _begun;
    private readonly ITimer _timer;
    private readonly Func<bool>? _tooMuch;
    private readonly QueryTurn _turn;
    private readonly Lock _lock = new();
    private TimeSpan _waited;
    private long _waitingSince;
    private bool _reads;
    private bool _over;

    /// <param name="connection">The query's.</param>
    /// <param name="scope">What it reads.</param>
    /// <param name="clock">Measures how long it takes.</param>
    /// <param name="longest">So long at most.</param>
    /// <param name="memory">So many bytes more than the process has now.</param>
    /// <param name="turn">Its place, which others get where its rows are not taken at once.</param>
    /// <param name="stop">Nobody waits for it any more.</param>
    /// <param name="tooMuch">Whether it has taken too much of something else.</param>
    public QueryWatch(Connection connection, ScanScope scope, TimeProvider clock, TimeSpan longest, long memory, QueryTurn turn, CancellationToken stop, Func<bool>? tooMuch = null)
    {
        _tooMuch = tooMuch;
        _turn = turn;
        _connection = connection;
        _scope = scope;
        _clock = clock;
        _longest = longest;
        _mostMemory = ProcessMemory.Bytes + memory;
        _stop = stop;
        _begun = clock.GetTimestamp();
        _timer = clock.CreateTimer(static watch => ((QueryWatch)watch!).Look(memoryToo: true), this, Every, Every);
    }

    /// <summary>How long the query has computed: while it waits for whoever reads its rows, this stands still.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
            {
                var waits = _waitingSince == 0 ? TimeSpan.Zero : _clock.GetElapsedTime(_waitingSince);
                return _clock.GetElapsedTime(_begun) - _waited - waits;
            }
        }
    }

    /// <summary>Why the query was stopped; null while it was not.</summary>
    public QueryError? Stopped { get; private set; }

    /// <summary>Between two steps of a query: goes on only where it was not stopped.</summary>
    public void ThrowIfStopped()
    {
        Look(memoryToo: false);
        if (Stopped is not null) throw new DuckDbException("INTERRUPT", "stopped");
    }

    /// <summary>Hands rows to whoever reads them, which may take its time.</summary>
    public void Outside(Action work)
    {
        var begun = _clock.GetTimestamp();
        lock (_lock) (_waitingSince, _reads) = (begun, true);
        try
        {
            work();
            lock (_lock) _reads = false;
            _turn.TakeAgain(_stop);
        }
        finally
        {
            lock (_lock)
            {
                _waited += _clock.GetElapsedTime(begun);
                (_waitingSince, _reads) = (0, false);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock) _over = true;
    }

    private void Look(bool memoryToo)
    {
        lock (_lock)
        {
            if (_over) return;
            if (_reads && _clock.GetElapsedTime(_waitingSince) > Every) _turn.Give();
            Stopped ??= _stop.IsCancellationRequested ? QueryError.Cancelled
                : Elapsed >= _longest ? QueryError.Timeout
                : (memoryToo && ProcessMemory.Bytes > _mostMemory) || _tooMuch?.Invoke() == true ? QueryError.Memory
                : null;
            if (Stopped is null) return;
            _scope.Stop();
            _connection.Interrupt();
        }
    }
}
