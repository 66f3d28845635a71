using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Sinks;

/// <summary>The records of a lane that a stream holds already though the lane's checkpoint does not know of it, so that none is put there twice.</summary>
/// <remarks>Not for two threads at once.</remarks>
internal sealed class OriginsThere
{
    /// <summary>How far clocks may have been set back between a record's arrival in its source and its copy's in the stream.</summary>
    private const long ClockSetBackNs = 5 * 60 * 1_000_000_000L;

    private const long FirstLook = 4096;

    private readonly HashSet<(long Offset, int Index)> _there = [];
    private long _last = -1;

    /// <summary>Looks for what a lane put into a stream from a place in its source on: from the stream's end back to a record from before that place.</summary>
    /// <param name="stream">What it has taken and not written yet is waited for.</param>
    /// <param name="lane">Of <see cref="StreamOrigins"/>.</param>
    /// <param name="before">Where the lane stands.</param>
    /// <param name="firstNs">The arrival of the first record that it carries now: no copy can be older.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async ValueTask<OriginsThere> FindAsync(IRecordLog stream, long lane, Checkpoint before, long firstNs, CancellationToken stop)
    {
        var found = new OriginsThere();
        using var records = new RecordBatch();
        foreach (var partition in stream.Partitions)
        {
            if (partition.Next > partition.End) await partition.WaitForRecordsAsync(partition.Next - 1, stop).ConfigureAwait(false);
            var (to, step) = (partition.End, FirstLook);
            var oldest = partition.OffsetAt(firstNs - ClockSetBackNs);
            for (var done = false; !done && to > oldest; step *= 4)
            {
                var from = Math.Max(oldest, to - step);
                done = found.Read(partition, from, to, lane, before.Offset, records);
                to = from;
            }
        }

        return found;
    }

    /// <summary>Whether a record need not be put. Asked for in the order of the source.</summary>
    public bool Takes(long offset, int index)
    {
        if (_there.Count == 0) return false;
        if (offset > _last) _there.Clear();
        return _there.Remove((offset, index));
    }

    /// <returns>Whether one of the lane's from before its place was among them: all further back are from before it, too.</returns>
    private bool Read(ILogPartition partition, long from, long to, long lane, long place, RecordBatch records)
    {
        var isBefore = false;
        for (var at = from; at < to; at = records.Through)
        {
            records.Clear();
            if (!partition.TryRead(at, records) || records.Through <= at) break;
            for (var i = 0; i < records.Count && records[i].Offset < to; i++)
            {
                if (!OriginMark.TryRead(records[i].Properties, out var mark) || mark.Lane != lane) continue;
                if (mark.Offset < place)
                {
                    isBefore = true;
                    continue;
                }

                _there.Add((mark.Offset, mark.Index));
                _last = Math.Max(_last, mark.Offset);
            }
        }

        return isBefore;
    }
}
