using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>Finds and reads committed records. Any number of threads, side by side with the writer.</summary>
/// <remarks>
/// What is damaged is noted at its first sight with all that it takes away, so that records behind it can be read; whoever asks for one of those it has is
/// refused, until an operator has it skipped.
/// </remarks>
internal sealed class PartitionReader(SegmentList segments, SegmentFiles files, PartitionDamages damages)
{
    private readonly FrameHints _hints = new();

    /// <inheritdoc cref="Contracts.Log.ILogPartition.TryRead"/>
    public bool TryRead(long offset, RecordBatch into)
    {
        while (true)
        {
            offset = Math.Max(offset, segments.Start);
            while (damages.Of(offset) is { } damage) offset = Behind(damage);
            if (offset >= segments.End) return false;

            // Retention may take the segment at any time; then the oldest one left is asked.
            if (segments.Find(offset) is not { } segment || files.Rent(segment) is not { } lease) continue;
            using (lease)
            {
                try
                {
                    var place = Locate(lease.File, segment, offset);
                    if (place.Offset > offset) continue;
                    var frame = FrameReader.Read(lease.File, segment, place.Position, place.Offset, offset, into);
                    _hints.Add(frame.EndOffset, segment, place.Position + frame.FrameSize);
                    return true;
                }
                catch (FaultException bad) when (bad.Fault == Fault.Corrupt)
                {
                    // A bad header leads astray: whether it is this record that is lost, only all of the file tells.
                    if (!Examine(lease.File, segment)) throw;
                }
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
            using (lease)
            {
                try
                {
                    return OffsetAt(lease.File, found, after, arrivalNs);
                }
                catch (FaultException bad) when (bad.Fault == Fault.Corrupt)
                {
                    if (!Examine(lease.File, found)) throw;
                }
            }
        }
    }

    /// <summary>When the first record of a segment arrived, or about then where that is damaged; null where it has none yet or was dropped.</summary>
    public long? FirstArrival(Segment segment)
    {
        if (segment.FirstArrival is { } known) return known;
        if (segment.Length <= SegmentHeader.Size || files.Rent(segment) is not { } lease) return null;
        using (lease)
        {
            try
            {
                var first = FrameReader.ReadHeader(lease.File, segment, SegmentHeader.Size, segment.FirstOffset);
                segment.FirstArrival = first.ArrivalNs;
                return first.ArrivalNs;
            }
            catch (FaultException bad) when (bad.Fault == Fault.Corrupt)
            {
                return segment.CreatedNs;
            }
        }
    }

    /// <summary>The writer committed a frame at the end.</summary>
    public void Committed(Segment segment, in FrameHeader frame, long position)
    {
        segment.Index.Add(frame, position);
        _hints.Add(frame.FirstOffset, segment, position);
    }

    private static long Behind(LogDamage damage) => damage.Skipped ? damage.To : throw new FaultException(Fault.Corrupt, damage.Message);

    /// <returns>The frame that has the offset, or the one behind it where that is not to be read.</returns>
    private FramePlace Locate(IFile file, Segment segment, long offset)
    {
        if (_hints.TryGet(offset, segment, out var hinted)) return new FramePlace(offset, hinted, 0);
        var place = segment.Index.BeforeOffset(offset);
        while (true)
        {
            if (Step(file, segment, ref place) is not { } frame) continue;
            if (offset < frame.EndOffset) return place;
            place = new FramePlace(frame.EndOffset, place.Position + frame.FrameSize, frame.ArrivalNs);
        }
    }

    /// <summary>Within the segment that holds the last frame that began to arrive before the time.</summary>
    private long OffsetAt(IFile file, Segment segment, long end, long arrivalNs)
    {
        var place = segment.Index.BeforeTime(arrivalNs);
        var last = place;
        while (place.Offset < end)
        {
            if (Step(file, segment, ref place) is not { } frame) continue;
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

    /// <returns>The header of the frame at a place; null where that is known to be damaged: then the place has gone behind it.</returns>
    private FrameHeader? Step(IFile file, Segment segment, ref FramePlace place)
    {
        if (damages.Known.Count > 0 && damages.At(segment.Path, place.Position) is { } damage)
        {
            var behind = new FramePlace(damage.To, damage.ToPosition, place.ArrivalNs);
            segment.Index.Jump(place.Position, behind);
            place = behind;
            return null;
        }

        var frame = FrameReader.ReadHeader(file, segment, place.Position, place.Offset);
        segment.Index.Add(frame, place.Position);
        return frame;
    }

    /// <summary>Reads all of a segment, to find what in it is damaged and how much each place takes away.</summary>
    /// <returns>Whether more is known now.</returns>
    private bool Examine(IFile file, Segment segment)
    {
        var (known, end, length) = (damages.Known.Count, EndOf(segment), segment.Length);
        var place = new FramePlace(segment.FirstOffset, SegmentHeader.Size, long.MinValue);
        segment.Index.Clear();
        using var records = new RecordBatch();
        while (place.Offset < end)
        {
            try
            {
                records.Clear();
                var frame = FrameReader.Read(file, segment, place.Position, place.Offset, place.Offset, records);
                segment.Index.Add(frame, place.Position);
                place = new FramePlace(frame.EndOffset, place.Position + frame.FrameSize, frame.ArrivalNs);
            }
            catch (FaultException bad) when (bad.Fault == Fault.Corrupt)
            {
                var lost = place;
                var next = FrameSearch.Next(file, segment.Seed, place.Position + 1, length, one => one.FirstOffset > lost.Offset && one.FirstOffset < end);
                place = new FramePlace(next?.Frame.FirstOffset ?? end, next?.Position ?? length, lost.ArrivalNs);
                damages.Add(segment.Path, lost.Position, lost.Offset, place.Offset, place.Position, bad.Message);
                segment.Index.Jump(lost.Position, place);
            }
        }

        return damages.Known.Count > known;
    }

    private long EndOf(Segment segment)
    {
        foreach (var other in segments.All)
            if (other.FirstOffset > segment.FirstOffset) return other.FirstOffset;
        return segments.End;
    }
}
