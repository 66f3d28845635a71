namespace Millrace.Storage.Log;

/// <summary>Drops the oldest segments of a partition by age and size, whole files, never the one being written.</summary>
internal sealed class Retention(PartitionState state, LogEnvironment environment)
{
    private readonly SegmentList _segments = state.Segments;

    /// <summary>Commit thread only.</summary>
    public void Apply()
    {
        while (_segments.All is [var oldest, var next, ..] && (next.FirstOffset <= state.Retention.Before || TooLarge() || TooOld(next))) Drop(oldest, next.FirstOffset);
    }

    private bool TooLarge() => state.Retention.MaxBytes is { } most && _segments.Bytes > most.Bytes;

    // All of a segment is older than the first record of the next: no need to look for its last.
    private bool TooOld(Segment next) =>
        state.Retention.MaxAge is { } age && state.Reader.FirstArrival(next) is { } newer && newer < environment.NowNs - (age.Ticks * 100);

    private void Drop(Segment segment, long end)
    {
        _segments.RemoveOldest();
        environment.Files.Drop(segment);
        try
        {
            environment.Disk.Delete(segment.Path);
        }
        catch
        {
            // A later one must not go before it: that would leave a hole for the next start to find.
            environment.Files.Keep(segment);
            _segments.PutBack(segment);
            throw;
        }

        state.Damages.Forget(segment.Path);
        environment.Disk.SyncDirectory(state.Directory);
        environment.Logger.Dropped(segment.Path, end);
    }
}
