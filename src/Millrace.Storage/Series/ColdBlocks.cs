using Millrace.Storage.Series.Blocks;

namespace Millrace.Storage.Series;

/// <summary>A block file as snapshots hold it: opened when it is first read, closed when nobody holds it any more. Any thread.</summary>
internal sealed class ColdBlocks(ColdFile file, Func<ColdFile, BlockFile> open)
{
    private readonly Lock _lock = new();
    private BlockFile? _open;
    private int _holders;

    public ColdFile File { get; } = file;

    /// <summary>Nobody holds it any more: it may be deleted.</summary>
    public bool Unused => Volatile.Read(ref _holders) == 0;

    /// <summary>The caller holds it, or something that does.</summary>
    /// <exception cref="Contracts.FaultException">Corrupt, with file and byte.</exception>
    public BlockFile Blocks
    {
        get
        {
            if (Volatile.Read(ref _open) is { } opened) return opened;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(Unused, this);
                return _open ??= open(File);
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
