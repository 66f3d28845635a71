using Millrace.Contracts;

namespace Millrace.Storage.Log;

/// <summary>How the logs keep their promises, and for how long. Read once, at start.</summary>
public sealed record LogOptions
{
    /// <summary>A segment file this large is sealed and the next one begun. Retention drops whole segments.</summary>
    public ByteSize SegmentSize { get; init; } = ByteSize.MiB(128);

    /// <summary>Of logs without a <see cref="LogRetention"/> of their own: segments whose newest record is older are dropped; null keeps them for ever.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The oldest segments of a partition are dropped while it holds more than this; null keeps them for ever.</summary>
    public ByteSize? MaxBytes { get; init; }

    /// <summary>Bytes that may wait for the disk in one partition, while as many are being written. Then publishers wait.</summary>
    public ByteSize MaxPending { get; init; } = ByteSize.MiB(16);

    /// <summary>A record with topic, key and properties larger than this is refused.</summary>
    public ByteSize MaxRecordSize { get; init; } = ByteSize.MiB(4);

    /// <summary>A frame is closed at this size: what readers get at once, and what one checksum covers.</summary>
    public ByteSize MaxFrameSize { get; init; } = ByteSize.MiB(1);

    /// <summary>
    /// How long the first publisher of a commit waits for others to share its fsync. Zero: those who come while the disk is busy share the next one.
    /// </summary>
    public TimeSpan CommitDelay { get; init; }

    public IEnumerable<Problem> Check()
    {
        if (SegmentSize < ByteSize.MiB(1) || SegmentSize > ByteSize.MiB(64 * 1024))
            yield return new("log.segmentSize", "must be between 1MiB and 64GiB");
        if (MaxAge <= TimeSpan.Zero) yield return new("log.maxAge", "must be more than zero; leave it out to keep records for ever");
        if (MaxBytes < SegmentSize) yield return new("log.maxBytes", "must be at least log.segmentSize: the segment being written is never dropped");
        if (MaxPending < ByteSize.KiB(64) || MaxPending > ByteSize.MiB(1024))
            yield return new("log.maxPending", "must be between 64KiB and 1GiB");
        if (MaxRecordSize < ByteSize.KiB(1) || MaxRecordSize > MaxPending)
            yield return new("log.maxRecordSize", "must be between 1KiB and log.maxPending");
        if (MaxFrameSize < ByteSize.KiB(4) || MaxFrameSize > ByteSize.MiB(64))
            yield return new("log.maxFrameSize", "must be between 4KiB and 64MiB");
        if (CommitDelay < TimeSpan.Zero || CommitDelay > TimeSpan.FromSeconds(1))
            yield return new("log.commitDelay", "must be between zero and one second");
    }
}
