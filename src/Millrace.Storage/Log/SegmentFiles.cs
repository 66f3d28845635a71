using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>Open files for readers, a bounded number of them: the ones used last.</summary>
/// <remarks>A file is closed when it was pushed out and its last reader is done. Any thread may call.</remarks>
internal sealed class SegmentFiles(IDisk disk, int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Segment, OpenSegment> _open = [];
    private long _clock;
    private bool _closed;

    /// <returns>The file, until the lease is disposed; null where retention has dropped it.</returns>
    public Lease? Rent(Segment segment)
    {
        lock (_gate)
        {
            if (_closed) throw new FaultException(Fault.Unavailable, "the log is closed");
            // Opening a file that is gone would make an empty one in its place.
            if (segment.Dropped) return null;
            if (!_open.TryGetValue(segment, out var found))
            {
                if (_open.Count >= capacity) Close(_open.MinBy(static pair => pair.Value.LastUsed).Key);
                found = new OpenSegment(disk.Open(segment.Path));
                _open.Add(segment, found);
            }

            found.Readers++;
            found.LastUsed = ++_clock;
            return new Lease(this, found);
        }
    }

    /// <summary>The segment is about to be deleted: no more readers come.</summary>
    public void Drop(Segment segment)
    {
        lock (_gate)
        {
            segment.Dropped = true;
            Close(segment);
        }
    }

    /// <summary>It could not be deleted.</summary>
    public void Keep(Segment segment)
    {
        lock (_gate) segment.Dropped = false;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var segment in _open.Keys.ToArray()) Close(segment);
        }
    }

    private void Close(Segment segment)
    {
        if (!_open.Remove(segment, out var found)) return;
        found.Unwanted = true;
        if (found.Readers == 0) found.File.Dispose();
    }

    private void Return(OpenSegment segment)
    {
        lock (_gate)
            if (--segment.Readers == 0 && segment.Unwanted) segment.File.Dispose();
    }

    internal readonly struct Lease(SegmentFiles owner, OpenSegment segment) : IDisposable
    {
        public IFile File => segment.File;

        public void Dispose() => owner.Return(segment);
    }

    internal sealed class OpenSegment(IFile file)
    {
        public IFile File { get; } = file;

        public int Readers { get; set; }

        public long LastUsed { get; set; }

        public bool Unwanted { get; set; }
    }
}
