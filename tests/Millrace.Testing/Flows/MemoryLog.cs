using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Testing.Flows;

/// <summary>A log of one partition in memory. What <see cref="Frame"/> is given stands in one frame; what is appended is a frame each, and committed at once.</summary>
public sealed class MemoryLog(string name = "ingress") : IRecordLog, ILogPartition
{
    private readonly List<(long First, RecordBatch Records)> _frames = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _commits;

    public string Name { get; } = name;

    public IReadOnlyList<ILogPartition> Partitions => [this];

    public int Index => 0;

    public long Start { get; private set; }

    public long End { get; private set; }

    /// <summary>The arrival that records get from now on, nanoseconds since 1970.</summary>
    public long NowNs { get; set; } = 1_700_000_000_000_000_000;

    public ILogPartition PartitionFor(ReadOnlySpan<byte> key) => this;

    /// <summary>Adds messages as one frame.</summary>
    public void Frame(params (string Topic, string Payload)[] messages)
    {
        var batch = new RecordBatch();
        foreach (var (topic, payload) in messages)
            Add(batch, new Record { Topic = Encoding.UTF8.GetBytes(topic), Key = "device"u8, Payload = Encoding.UTF8.GetBytes(payload) });
        Commit(batch);
    }

    /// <summary>What retention does: the oldest frame is gone.</summary>
    public void DropFrame()
    {
        lock (_gate)
        {
            Start = _frames[0].First + _frames[0].Records.Count;
            _frames.RemoveAt(0);
        }
    }

    /// <summary>Larger payloads are refused.</summary>
    public int MaxPayload { get; init; } = int.MaxValue;

    public long TryAppend(in Record record, ICommitListener? listener, out long offset)
    {
        if (record.Payload.Length > MaxPayload) throw new FaultException(Fault.Refused, $"larger than {MaxPayload} bytes");
        offset = End;
        var batch = new RecordBatch();
        Add(batch, record);
        Commit(batch);
        listener?.Committed(this, _commits);
        return _commits;
    }

    public ValueTask WaitForRoomAsync(CancellationToken stop) => default;

    /// <summary>How often a frame was read.</summary>
    public long Reads { get; private set; }

    public bool TryRead(long offset, RecordBatch into)
    {
        lock (_gate)
        {
            foreach (var (first, records) in _frames)
            {
                if (first + records.Count <= offset) continue;
                Reads++;
                for (var i = (int)Math.Max(0, offset - first); i < records.Count; i++) into.Add(records[i]);
                into.Through = first + records.Count;
                return true;
            }

            return false;
        }
    }

    public ValueTask WaitForRecordsAsync(long offset, CancellationToken stop)
    {
        lock (_gate) return End > offset ? default : new ValueTask(_more.Task.WaitAsync(stop));
    }

    public long OffsetAt(long arrivalNs)
    {
        lock (_gate)
        {
            foreach (var (first, records) in _frames)
                for (var i = 0; i < records.Count; i++)
                    if (records[i].ArrivalNs >= arrivalNs) return first + i;
            return End;
        }
    }

    /// <summary>All payloads, in order.</summary>
    public IReadOnlyList<string> Payloads()
    {
        lock (_gate)
        {
            return [.. from frame in _frames from i in Enumerable.Range(0, frame.Records.Count) select Encoding.UTF8.GetString(frame.Records[i].Payload)];
        }
    }

    private void Add(RecordBatch batch, in Record record) => batch.Add(new Record
    {
        Topic = record.Topic,
        Key = record.Key,
        Properties = record.Properties,
        Payload = record.Payload,
        Flags = record.Flags,
        Offset = End + batch.Count,
        ArrivalNs = NowNs,
    });

    private void Commit(RecordBatch batch)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            _frames.Add((End, batch));
            End += batch.Count;
            _commits++;
            told = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.TrySetResult();
    }
}
