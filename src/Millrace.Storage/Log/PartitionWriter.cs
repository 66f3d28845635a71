using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>Brings the pending records of one partition to the disk. Commit thread only.</summary>
/// <remarks>
/// <see cref="Write"/>, <see cref="Sync"/>, <see cref="Complete"/>, in this order. Where one of the first two throws, nothing is committed and the
/// same records are written again by the next <see cref="Write"/>.
/// </remarks>
internal sealed class PartitionWriter(LogPartition partition, PartitionState state, LogEnvironment environment) : IDisposable
{
    private const int SegmentsOfAge = 8;

    private static readonly TimeSpan ShortestSegment = TimeSpan.FromSeconds(30);

    private readonly SegmentList _segments = state.Segments;
    private readonly Retention _retention = new(state, environment);
    private IFile? _file;
    private PendingRecords? _batch;
    private ReadOnlyMemory<byte> _frames;
    private bool _torn;
    private bool _distrusted;

    public string Name => state.Name;

    /// <summary>Records that are not committed.</summary>
    public int Unwritten => (_batch?.Count ?? 0) + partition.Pending;

    /// <summary>In this round, or waiting to be tried again. Kept by <see cref="CommitRound"/>.</summary>
    public bool Busy { get; set; }

    /// <summary>Its log is deleted: nothing is to be written any more.</summary>
    public bool Removed { get; set; }

    /// <returns>False where there is nothing to write.</returns>
    public bool Write()
    {
        _batch ??= partition.Take();
        if (_batch is null) return false;

        var segment = MakeReady(_batch.Bytes);
        _frames = _batch.Seal(_segments.End, segment.Seed);
        _torn = true;
        _file!.Write(segment.Length, _frames.Span);
        return true;
    }

    /// <returns>True; it throws otherwise.</returns>
    public bool Sync()
    {
        var started = environment.Clock.GetTimestamp();
        try
        {
            _file!.Sync();
        }
        catch
        {
            // The kernel may have dropped the pages it could not write and call them clean: a second fsync of the same file would prove nothing.
            _distrusted = true;
            throw;
        }

        state.Counters.Synced(environment.Clock.GetElapsedTime(started));
        return true;
    }

    /// <summary>What was written is safe: lets readers see it and publishers know.</summary>
    public void Complete(CommitNotifier notifier)
    {
        var segment = _segments.Active!;
        var end = _segments.End;
        for (var at = 0; at < _frames.Length;)
        {
            FrameHeader.TryRead(_frames.Span[at..], out var frame);
            state.Reader.Committed(segment, frame, segment.Length + at);
            at += (int)frame.FrameSize;
            end = frame.EndOffset;
        }

        segment.Length += _frames.Length;
        state.Counters.Committed(_batch!.Count, _frames.Length);
        _segments.End = end;
        _torn = false;
        _frames = default;
        var done = _batch;
        _batch = null;
        partition.Committed(done, notifier);
    }

    public void DropOld() => _retention.Apply();

    public void Dispose() => _file?.Dispose();

    private Segment MakeReady(int bytes)
    {
        var active = _segments.Active;
        if (active is null || _distrusted || IsOldEnough(active) || (active.Length > SegmentHeader.Size && active.Length + bytes > environment.Options.SegmentSize.Bytes))
            return Begin(active);

        _file ??= environment.Disk.Open(active.Path);
        if (_torn) _file.SetLength(active.Length);
        return active;
    }

    /// <summary>Retention drops whole segments: where little comes, one is sealed before it is full.</summary>
    private bool IsOldEnough(Segment active) =>
        active.Length > SegmentHeader.Size && state.Retention.MaxAge is { } age
        && environment.NowNs - active.CreatedNs > Math.Max(age.Ticks / SegmentsOfAge, ShortestSegment.Ticks) * 100;

    private Segment Begin(Segment? sealedOne)
    {
        if (_torn && sealedOne is not null) TryCut(sealedOne);
        var header = new SegmentHeader(_segments.End, environment.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        var (segment, file) = Segment.Create(environment.Disk, state.Directory, header);
        _file?.Dispose();
        _file = file;
        _torn = false;
        _distrusted = false;
        _segments.Add(segment);
        return segment;
    }

    /// <summary>Only tidiness: what stands behind the committed length is past the next segment's first record, so nobody reads it.</summary>
    private void TryCut(Segment segment)
    {
        try
        {
            _file?.SetLength(segment.Length);
        }
        catch (IOException)
        {
            // The disk is failing already; the new segment will tell whether it works again.
        }
    }
}
