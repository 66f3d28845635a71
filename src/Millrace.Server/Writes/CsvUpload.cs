using System.Buffers;
using System.Globalization;
using Millrace.Contracts;

namespace Millrace.Server.Writes;

/// <summary>Carries a CSV of any size into the log of writes, in parts of whole lines, and adds up what became of them.</summary>
internal sealed class CsvUpload(WriteLog log, CsvRequest request, Func<IReadOnlyList<string>?> dimensions)
{
    private const int PartBytes = 256 << 10;

    /// <summary>A line may be longer than a part, and must fit into a record of the log.</summary>
    private const int LongestLine = 3 << 20;

    /// <summary>Parts that are on their way at once: enough that the disk and the tables need not wait for each other.</summary>
    private const int MostParts = 8;

    private const int MostNamed = 100;

    private readonly Queue<Task<WriteResult>> _onTheirWay = new();
    private readonly List<RejectedRecord> _rejected = [];
    private byte[] _shape = [];
    private WriteResult _sum = new();
    private int _linesSent = 1;

    /// <summary>Reads to the end, or to the first part that is refused as a whole.</summary>
    /// <exception cref="FaultException">Refused: it is no CSV for this table; Unavailable. What was read before is stored.</exception>
    public async Task<WriteResult> RunAsync(Stream body, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            var used = 0;
            while (true)
            {
                var read = await body.ReadAsync(buffer.AsMemory(used), stop);
                used += read;
                if (read > 0 && used < buffer.Length) continue;
                var head = WriteEntry.HeadOf(_shape);
                var end = _shape.Length == 0 ? TakeHeader(buffer.AsSpan(0, used), read == 0) : await TakeLinesAsync(buffer, head, used, read == 0, stop);
                if (end == 0 && read == 0) break;
                if (end == 0)
                {
                    Grow(ref buffer, used);
                    continue;
                }

                // What is left goes behind the room for the shape.
                head = WriteEntry.HeadOf(_shape);
                var rest = used - end;
                var target = Math.Max(PartBytes, head + rest + 1024);
                var next = ArrayPool<byte>.Shared.Rent(target);
                buffer.AsSpan(end, rest).CopyTo(next.AsSpan(head));
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = next;
                used = head + rest;
            }

            if (_shape.Length == 0) throw new FaultException(Fault.Refused, "the body is empty: a CSV begins with a line that names its columns");
            while (_onTheirWay.Count > 0) await AddAsync();
            return _sum with { First = [.. _rejected] };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int TakeHeader(ReadOnlySpan<byte> text, bool isEnd)
    {
        var length = CsvCut.Line(text, out var breaks);
        if (length == 0 && !isEnd) return 0;
        if (length == 0) length = text.Length;
        if (length == 0) return 0;
        var names = CsvLine.Names(text[..length]) ?? throw new FaultException(Fault.Refused, "the first line does not name the columns: names with commas between them, none of them empty");
        _shape = CsvShape.Create(names, request, dimensions()).ToBytes();
        _linesSent += 1 + breaks;
        return length;
    }

    private async Task<int> TakeLinesAsync(byte[] buffer, int head, int used, bool isEnd, CancellationToken stop)
    {
        var end = isEnd ? used - head : CsvCut.LastLine(buffer.AsSpan(head..used));
        if (end == 0) return 0;
        if (_onTheirWay.Count >= MostParts) await AddAsync();
        WriteEntry.WriteHead(_shape, buffer);
        _onTheirWay.Enqueue(await log.AppendAsync(isCsv: true, buffer.AsMemory(0, head + end), stop));
        return head + end;
    }

    private async Task AddAsync()
    {
        var part = await _onTheirWay.Dequeue();
        if (part.Refused is { } refused) throw new FaultException(Fault.Refused, refused);
        foreach (var rejected in part.First)
        {
            if (_rejected.Count == MostNamed) break;
            _rejected.Add(rejected with { RecordIndex = rejected.RecordIndex + _linesSent });
        }

        _linesSent += part.Lines;
        _sum = new WriteResult
        {
            Lines = _sum.Lines + part.Lines,
            Stored = _sum.Stored + part.Stored,
            Magnetic = _sum.Magnetic + part.Magnetic,
            Absorbed = _sum.Absorbed + part.Absorbed,
            TimesCorrected = _sum.TimesCorrected + part.TimesCorrected,
            Rejected = _sum.Rejected + part.Rejected,
        };
    }

    private static void Grow(ref byte[] buffer, int used)
    {
        if (buffer.Length >= LongestLine)
            throw new FaultException(Fault.Refused, string.Create(CultureInfo.InvariantCulture, $"a line is longer than {LongestLine >> 20} MiB, or a quote is not closed; what stands before it is stored"));
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
