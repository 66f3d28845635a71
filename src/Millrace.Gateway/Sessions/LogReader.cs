using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Sessions;

/// <summary>Reads messages of the ingress log by position, and keeps the frame it read last: the next position is often in it. One thread at a time.</summary>
internal sealed class LogReader(IRecordLog log) : IDisposable
{
    private readonly RecordBatch _batch = new();
    private int _partition = -1;
    private long _from;

    /// <returns>False where it is not there any more: retention has taken it.</returns>
    public bool TryRead(LogPosition position, out Message message)
    {
        message = default;
        if (!Load(position.Partition, position.Offset)) return false;
        message = new Message(_batch[(int)(position.Offset - _from)], position.Partition);
        return true;
    }

    /// <summary>Looks for what a subscription wants, in one frame.</summary>
    /// <param name="partition">To search.</param>
    /// <param name="from">The first offset to look at.</param>
    /// <param name="to">Where to end at the latest.</param>
    /// <param name="wanting">Whose messages are looked for; QoS 0 is not among them.</param>
    /// <param name="through">The offset behind the last that was looked at.</param>
    public List<LogPosition> Search(int partition, long from, long to, Subscription wanting, out long through) =>
        Search(partition, from, to, [wanting], out through);

    /// <inheritdoc cref="Search(int, long, long, Subscription, out long)"/>
    public List<LogPosition> Search(int partition, long from, long to, ReadOnlySpan<Subscription> wanting, out long through)
    {
        var found = new List<LogPosition>();
        through = to;
        from = Math.Max(from, log.Partitions[partition].Start);
        if (from >= to || !Load(partition, from)) return found;
        through = Math.Min(to, _batch.Through);
        for (var offset = from; offset < through; offset++)
        {
            var message = new Message(_batch[(int)(offset - _from)], partition);
            if (message.Qos == 0) continue;
            foreach (var subscription in wanting)
            {
                if (!subscription.Wants(message)) continue;
                found.Add(message.Position);
                break;
            }
        }

        return found;
    }

    public void Dispose() => _batch.Dispose();

    private bool Load(int partition, long offset)
    {
        if (_partition == partition && offset >= _from && offset < _batch.Through) return true;
        _batch.Clear();
        _partition = -1;
        if (!log.Partitions[partition].TryRead(offset, _batch) || _batch.Count == 0 || _batch[0].Offset != offset) return false;
        (_partition, _from) = (partition, offset);
        return true;
    }
}
