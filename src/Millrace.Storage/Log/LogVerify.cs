using System.Globalization;
using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>Reads all logs of a data directory, every byte, and reports everything that is not as it was written. Changes nothing.</summary>
/// <remarks>
/// Looked at: manifests, names and headers of segments, every frame's checksum, the order of frames, offsets without gaps over frames and segments, the lengths
/// of records within their frames, arrivals that never decrease. Beside a running server the newest segments may show a write that is under way.
/// </remarks>
public sealed class LogVerify(IDisk disk, Action<LogFault> found, Action<LogVerifyReport>? progress = null)
{
    private readonly LogVerifyReport _report = new();
    private readonly RecordBatch _records = new();

    /// <param name="log">One log; null: all of them.</param>
    /// <param name="stop">Looked at between frames.</param>
    public LogVerifyReport Run(string? log = null, CancellationToken stop = default)
    {
        foreach (var name in log is null ? disk.List(LogStore.Root) : [log]) Guard($"{LogStore.Root}/{name}", () => VerifyLog(name, stop));
        return _report;
    }

    private void VerifyLog(string name, CancellationToken stop)
    {
        var directory = $"{LogStore.Root}/{name}";
        var partitions = disk.List(directory).Where(static entry => entry.All(char.IsAsciiDigit)).ToArray();
        var (manifest, isReadable) = ManifestOf(name);
        if (manifest is null && isReadable && !partitions.Any(one => disk.List($"{directory}/{one}").Any(Segment.IsSegment))) return;
        _report.Logs++;
        if (manifest is null && isReadable) Report($"{directory}/log.json", 0, "is missing, though the log has records");
        if (manifest is { Deleted: true }) return;
        foreach (var partition in partitions)
        {
            if (manifest is not null && !(int.TryParse(partition, CultureInfo.InvariantCulture, out var number) && number < manifest.Partitions))
                Report($"{directory}/{partition}", 0, $"the log has {manifest.Partitions} partitions, and this is none of them: nobody reads it");
            Guard($"{directory}/{partition}", () => VerifyPartition($"{directory}/{partition}", stop));
        }
    }

    private (LogManifest? Manifest, bool IsReadable) ManifestOf(string name)
    {
        try
        {
            return (LogManifest.Read(disk, name), true);
        }
        catch (FaultException bad)
        {
            Report($"{LogStore.Root}/{name}/log.json", 0, bad.Message);
            return (null, false);
        }
    }

    private void VerifyPartition(string directory, CancellationToken stop)
    {
        _report.Partitions++;
        var segments = new List<Segment>();
        foreach (var name in disk.List(directory))
        {
            var path = $"{directory}/{name}";
            Guard(path, () =>
            {
                if (!Segment.IsSegment(name)) VerifyOther(path, name);
                else if (Open(path) is { } segment) segments.Add(segment);
                else Report(path, 0, "the segment header is not what was written; restore this file from a copy");
            });
        }

        segments.Sort(static (a, b) => a.FirstOffset.CompareTo(b.FirstOffset));
        var arrival = 0L;
        for (var i = 0; i < segments.Count; i++)
        {
            if (!segments[i].Path.EndsWith($"/{segments[i].FirstOffset:D20}.log", StringComparison.Ordinal))
                Report(segments[i].Path, 0, $"is named otherwise than its first record, {segments[i].FirstOffset}; the header counts", isDamage: false);
            Guard(segments[i].Path, () => VerifySegment(segments[i], i + 1 < segments.Count ? segments[i + 1] : null, ref arrival, stop));
            progress?.Invoke(_report);
        }
    }

    private Segment? Open(string path)
    {
        using var file = disk.Open(path);
        _report.Segments++;
        _report.Bytes += file.Length;
        return Segment.TryOpen(file, path);
    }

    private void VerifyOther(string path, string name)
    {
        if (Segment.IsUnfinished(name)) Report(path, 0, "was never finished; the next start removes it", isDamage: false);
        else if (name != PartitionDamages.FileName) Report(path, 0, "is no file of Millrace's, and was not looked at", isDamage: false);
        else if (PartitionDamages.WrongIn(disk, path) is { } wrong) Report(path, 0, wrong);
    }

    private void VerifySegment(Segment segment, Segment? next, ref long arrival, CancellationToken stop)
    {
        using var file = disk.Open(segment.Path);
        var (position, offset, length) = ((long)SegmentHeader.Size, segment.FirstOffset, file.Length);
        var end = next?.FirstOffset ?? long.MaxValue;
        while (offset < end && position < length)
        {
            stop.ThrowIfCancellationRequested();
            if (ReadFrame(file, segment, position, offset, ref arrival) is { } frame)
            {
                position += frame.FrameSize;
                offset = frame.EndOffset;
                continue;
            }

            var (lost, from) = (offset, position);
            var behind = FrameSearch.Next(file, segment.Seed, position + 1, length, one => one.FirstOffset > lost && one.FirstOffset < end);
            if (next is null && (behind is null || FrameSearch.Next(file, segment.Seed, position + 1, length, one => one.Durable > lost) is null))
            {
                Report(segment.Path, from, $"{length - from} bytes behind record {offset - 1} were never finished; the next start cuts them", isDamage: false);
                return;
            }

            var to = behind?.Frame.FirstOffset ?? end;
            Report(segment.Path, from, $"no valid frame begins here with record {offset}; records {offset} to {to - 1} are lost; restore the file from a copy");
            (position, offset) = behind is { } found ? (found.Position, to) : (length, to);
        }

        if (next is not null && offset < end)
            Report(segment.Path, position, $"ends before record {offset}, and the next file begins with record {end}: the records between are lost; restore the file from a copy");
    }

    private FrameHeader? ReadFrame(IFile file, Segment segment, long position, long offset, ref long arrival)
    {
        _records.Clear();
        try
        {
            var frame = FrameReader.Read(file, segment, position, offset, offset, _records);
            if (frame.ArrivalNs < arrival)
                Report(segment.Path, position, $"record {offset} arrived before the one that stands before it", isDamage: false);
            arrival = _records[_records.Count - 1].ArrivalNs;
            if (frame.Durable > offset) Report(segment.Path, position, $"says that all before record {frame.Durable} was safe, and begins with record {offset}", isDamage: false);
            _report.Frames++;
            _report.Records += frame.Count;
            return frame;
        }
        catch (FaultException bad) when (bad.Fault == Fault.Corrupt)
        {
            return null;
        }
    }

    private void Guard(string path, Action verify)
    {
        try
        {
            verify();
        }
        catch (Exception bad) when (bad is IOException or UnauthorizedAccessException or FaultException or OutOfMemoryException)
        {
            Report(path, 0, bad.Message);
        }
    }

    private void Report(string path, long position, string what, bool isDamage = true)
    {
        if (isDamage) _report.Damages++;
        found(new LogFault(path, position, what, isDamage));
    }
}
