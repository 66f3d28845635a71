using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>Reads frames that are known to be committed: whatever is wrong with them is Corrupt.</summary>
internal static class FrameReader
{
    /// <summary>The header alone, for finding the way: its checksum covers the records too and is not looked at.</summary>
    public static FrameHeader ReadHeader(IFile file, Segment segment, long position, long firstOffset)
    {
        Span<byte> bytes = stackalloc byte[FrameHeader.Size];
        return ReadHeader(file, segment, position, firstOffset, bytes);
    }

    /// <summary>Adds the records of a frame from one offset on.</summary>
    public static FrameHeader Read(IFile file, Segment segment, long position, long firstOffset, long from, RecordBatch into)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        var frame = ReadHeader(file, segment, position, firstOffset, head);
        var records = into.Reserve(frame.Length);
        if (ReadBytes(file, segment, position + FrameHeader.Size, records) != frame.Length) throw Cut(segment, position);
        if (!FrameHeader.Matches(head, records, segment.Seed))
            throw segment.Corrupt(position, $"the checksum of records {frame.FirstOffset} to {frame.EndOffset - 1} does not fit; restore the file from a copy");
        Add(segment, position, frame, records, from, into);
        into.Through = frame.EndOffset;
        return frame;
    }

    private static void Add(Segment segment, long position, in FrameHeader frame, ArraySegment<byte> records, long from, RecordBatch into)
    {
        for (var offset = frame.FirstOffset; offset < frame.EndOffset; offset++)
        {
            if (!RecordHeader.TryRead(records, out var record))
                throw segment.Corrupt(position, $"the length of record {offset} does not fit its frame");
            var size = (int)record.RecordSize;
            if (offset >= from)
            {
                into.AddReserved(
                    records[RecordHeader.Size..size], record.TopicLength, record.KeyLength, record.PropertiesLength,
                    offset, frame.ArrivalNs + record.ArrivalDelta, record.Flags);
            }

            records = records[size..];
        }
    }

    private static FrameHeader ReadHeader(IFile file, Segment segment, long position, long firstOffset, Span<byte> bytes)
    {
        if (position + FrameHeader.Size > segment.Length || ReadBytes(file, segment, position, bytes) != bytes.Length) throw Cut(segment, position);
        if (!FrameHeader.TryRead(bytes, out var frame) || frame.FirstOffset != firstOffset)
            throw segment.Corrupt(position, $"no frame begins here with record {firstOffset}; restore the file from a copy");
        return position + frame.FrameSize <= segment.Length ? frame : throw Cut(segment, position);
    }

    private static int ReadBytes(IFile file, Segment segment, long position, Span<byte> into)
    {
        try
        {
            return file.Read(position, into);
        }
        catch (IOException refused)
        {
            throw new FaultException(Fault.Unavailable, $"{segment.Path}, byte {position}: the disk does not let it be read: {refused.Message}", refused);
        }
    }

    private static FaultException Cut(Segment segment, long position) =>
        segment.Corrupt(position, "the file ends within a committed frame; restore it from a copy");
}
