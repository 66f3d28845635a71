using Millrace.Storage.DuckDb;

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
    private readonly TimeProvider _clock;
    private readonly TimeSpan _longest;
    private readonly long _mostMemory;
    private readonly CancellationToken _stop;
    private readonly long _begun;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private bool _over;

    public QueryWatch(Connection connection, TimeProvider clock, TimeSpan longest, long memory, CancellationToken stop)
    {
        _connection = connection;
        _clock = clock;
        _longest = longest;
        _mostMemory = Environment.WorkingSet + memory;
        _stop = stop;
        _begun = clock.GetTimestamp();
        _timer = clock.CreateTimer(static watch => ((QueryWatch)watch!).Look(), this, Every, Every);
    }

    public TimeSpan Elapsed => _clock.GetElapsedTime(_begun);

    /// <summary>Why the query was stopped; null while it was not.</summary>
    public QueryError? Stopped { get; private set; }

    /// <summary>Between two steps of a query: goes on only where it was not stopped.</summary>
    public void ThrowIfStopped()
    {
        Look();
        if (Stopped is not null) throw new DuckDbException("INTERRUPT", "stopped");
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock) _over = true;
    }

    private void Look()
    {
        lock (_lock)
        {
            if (_over) return;
            Stopped ??= _stop.IsCancellationRequested ? QueryError.Cancelled
                : Elapsed >= _longest ? QueryError.Timeout
                : Environment.WorkingSet > _mostMemory ? QueryError.Memory
                : null;
            if (Stopped is not null) _connection.Interrupt();
        }
    }
}
