using Millrace.Contracts.Records;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>Finds and reads committed records. Any number of threads, side by side with the writer.</summary>
internal sealed class PartitionReader(SegmentList segments, SegmentFiles files)
{
    private readonly FrameHints _hints = new();

    /// <inheritdoc cref="Contracts.Log.ILogPartition.TryRead"/>
    public bool TryRead(long offset, RecordBatch into)
    {
        while (true)
        {
            offset = Math.Max(offset, segments.Start);
            if (offset >= segments.End) return false;

            // Retention may take the segment at any time; then the oldest one left is asked.
            if (segments.Find(offset) is not { } segment || files.Rent(segment) is not { } lease) continue;
            using (lease)
            {
                var place = Locate(lease.File, segment, offset);
                var frame = FrameReader.Read(lease.File, segment, place.Position, place.Offset, offset, into);
                _hints.Add(frame.EndOffset, segment, place.Position + frame.FrameSize);
                return true;
            }
        }
    }

    /// <inheritdoc cref="Contracts.Log.ILogPartition.OffsetAt"/>
    public long OffsetAt(long arrivalNs)
    {
        while (true)
        {
            var end = segments.End;
            Segment? found = null;
            var after = end;
            foreach (var segment in segments.All)
            {
                if (segment.FirstOffset >= end) break;
                if (FirstArrival(segment) is not { } first) continue;
                after = segment.FirstOffset;
                if (first >= arrivalNs) break;
                found = segment;
                after = end;
            }

            if (found is null) return Math.Max(segments.Start, Math.Min(after, end));
            if (files.Rent(found) is not { } lease) continue;
            using (lease) return OffsetAt(lease.File, found, after, arrivalNs);
        }
    }

    /// <summary>When the first record of a segment arrived; null where it has none yet or was dropped.</summary>
    public long? FirstArrival(Segment segment)
    {
        if (segment.FirstArrival is { } known) return known;
        if (segment.Length <= SegmentHeader.Size || files.Rent(segment) is not { } lease) return null;
        using (lease)
        {
            var first = FrameReader.ReadHeader(lease.File, segment, SegmentHeader.Size, segment.FirstOffset);
            segment.FirstArrival = first.ArrivalNs;
            return first.ArrivalNs;
        }
    }

    /// <summary>The writer committed a frame at the end.</summary>
    public void Committed(Segment segment, in FrameHeader frame, long position)
    {
        segment.Index.Add(frame, position);
        _hints.Add(frame.FirstOffset, segment, position);
    }

    private FramePlace Locate(IFile file, Segment segment, long offset)
    {
        if (_hints.TryGet(offset, segment, out var hinted)) return new FramePlace(offset, hinted, 0);
        var place = segment.Index.BeforeOffset(offset);
        while (true)
        {
            var frame = FrameReader.ReadHeader(file, segment, place.Position, place.Offset);
            segment.Index.Add(frame, place.Position);
            if (offset < frame.EndOffset) return place;
            place = new FramePlace(frame.EndOffset, place.Position + frame.FrameSize, frame.ArrivalNs);
        }
    }

    /// <summary>Within the segment that holds the last frame that began to arrive before the time.</summary>
    private static long OffsetAt(IFile file, Segment segment, long end, long arrivalNs)
    {
        var place = segment.Index.BeforeTime(arrivalNs);
        var last = place;
        while (place.Offset < end)
        {
            var frame = FrameReader.ReadHeader(file, segment, place.Position, place.Offset);
            segment.Index.Add(frame, place.Position);
            if (frame.ArrivalNs >= arrivalNs) break;
            last = place;
            place = new FramePlace(frame.EndOffset, place.Position + frame.FrameSize, frame.ArrivalNs);
        }

        using var batch = new RecordBatch();
        FrameReader.Read(file, segment, last.Position, last.Offset, last.Offset, batch);
        for (var i = 0; i < batch.Count; i++)
            if (batch[i].ArrivalNs >= arrivalNs) return batch[i].Offset;
        return batch.Through;
    }
}
