using Millrace.Contracts;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Cold;

namespace Millrace.Storage.Series;

/// <summary>A block file as snapshots hold it: opened when it is first read, closed when nobody holds it any more. Any thread.</summary>
internal sealed class ColdBlocks(ColdFile file, SeriesTable table, ColdStore store)
{
    private readonly Lock _lock = new();
    private BlockFile? _open;
    private int _holders;

    public ColdFile File { get; } = file;

    /// <summary>When somebody last wanted its rows, in milliseconds of the system's uptime; 0 where nobody did.</summary>
    public long LastUsed { get; private set; }

    /// <summary>What a query met that could not be read, with file and byte; null where none did.</summary>
    public string? Damage { get; set; }

    /// <summary>Nobody holds it any more: it may be deleted.</summary>
    public bool Unused => Volatile.Read(ref _holders) == 0;

    /// <summary>The caller holds it, or something that does. One that is only in the bucket is fetched, which may take as long as a query may.</summary>
    /// <exception cref="FaultException">Corrupt, with file and byte. Unavailable: it cannot be fetched now.</exception>
    public BlockFile Blocks
    {
        get
        {
            LastUsed = Environment.TickCount64;
            while (true)
            {
                if (TryOpen() is { } opened) return opened;
                store.Fetch(table, File);
            }
        }
    }

    /// <summary>The same, but for one that would have to be fetched: null.</summary>
    public BlockFile? TryOpen()
    {
        if (Volatile.Read(ref _open) is { } opened) return opened;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(Unused, this);
            try
            {
                return _open ??= store.TryOpen(table, File);
            }
            catch (FaultException broken) when (broken.Fault == Fault.Corrupt)
            {
                Damage ??= broken.Message;
                throw;
            }
        }
    }

    /// <summary>By its first holder, or by somebody who holds it already.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0) return;
        lock (_lock)
        {
            _open?.Dispose();
            _open = null;
        }
    }
}
