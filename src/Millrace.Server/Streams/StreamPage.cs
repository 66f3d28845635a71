using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;

namespace Millrace.Server.Streams;

/// <summary>A record of a stream.</summary>
/// <param name="Offset">Its sequence number.</param>
/// <param name="Key">Its partition key.</param>
/// <param name="Arrival">When the server took it; never before that of the record before it.</param>
/// <param name="Topic">Under which it was published, or the stream's name.</param>
/// <param name="Data">Its payload.</param>
internal sealed record StreamRecord(long Offset, string Key, DateTimeOffset Arrival, string Topic, byte[] Data);

/// <summary>Some records of a partition, in their order. There may be none though more come.</summary>
/// <param name="Records">What was read.</param>
/// <param name="Next">Where to read on.</param>
/// <param name="Missing">Records that were asked for and are there no more: dropped by retention, or damaged and skipped by an operator.</param>
/// <param name="MillisBehind">How old the last record is where there are more behind it; 0 at the end.</param>
internal sealed record StreamPage(IReadOnlyList<StreamRecord> Records, long Next, long Missing, long MillisBehind)
{
    /// <summary>As of GetRecords.</summary>
    public const int MostRecords = 10_000;

    /// <summary>Payloads and keys, together; one record is always given.</summary>
    public const long MostBytes = 10_000_000;

    /// <exception cref="FaultException">Corrupt: the first record cannot be read.</exception>
    public static StreamPage Read(LogPartition partition, long from, int limit, long mostBytes, DateTimeOffset now)
    {
        var records = new List<StreamRecord>();
        using var batch = new RecordBatch();
        var (next, bytes, missing) = (from, 0L, 0L);
        while (records.Count < limit)
        {
            batch.Clear();
            try
            {
                if (!partition.TryRead(next, batch)) break;
            }
            catch (FaultException) when (records.Count > 0)
            {
                // Whoever reads on is told.
                break;
            }

            missing += batch[0].Offset - next;
            var taken = Take(batch, records, limit, mostBytes, ref bytes);
            next = taken < batch.Count ? batch[taken].Offset : batch.Through;
            if (taken < batch.Count) break;
        }

        // Where retention took everything, reading goes on at the end.
        if (records.Count == 0 && next < partition.Start) (missing, next) = (partition.Start - next, partition.Start);
        var behind = next < partition.End && records is [.., var last] ? Math.Max(0, (long)(now - last.Arrival).TotalMilliseconds) : 0;
        return new StreamPage(records, next, missing, behind);
    }

    private static int Take(RecordBatch batch, List<StreamRecord> records, int limit, long mostBytes, ref long bytes)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var record = batch[i];
            var size = record.Payload.Length + record.Key.Length;
            if (records.Count == limit || (records.Count > 0 && bytes + size > mostBytes)) return i;
            bytes += size;
            records.Add(new StreamRecord(
                record.Offset, Encoding.UTF8.GetString(record.Key), DateTimeOffset.UnixEpoch.AddTicks(record.ArrivalNs / 100), Encoding.UTF8.GetString(record.Topic), record.Payload.ToArray()));
        }

        return batch.Count;
    }
}
