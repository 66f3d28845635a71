using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;

namespace Millrace.Server.Streams;

/// <summary>How far a consumer is behind in one partition.</summary>
/// <param name="Partition">Of the stream.</param>
/// <param name="Position">The next record to read.</param>
/// <param name="Records">That it has not done; those that retention took from it among them.</param>
/// <param name="Bytes">About what they take on disk.</param>
/// <param name="Millis">How long the first of them has been there; 0 where there is none.</param>
/// <param name="Progress">When the position was set last; null: never.</param>
internal sealed record ConsumerLag(int Partition, long Position, long Records, long Bytes, long Millis, DateTimeOffset? Progress)
{
    /// <summary>Of all partitions; one without a position stands at the oldest record.</summary>
    public static IReadOnlyList<ConsumerLag> Of(StreamView stream, StoredConsumer consumer, DateTimeOffset now)
    {
        using var batch = new RecordBatch();
        return [.. stream.Log.Partitions.Select(partition => Of(partition, consumer, batch, now))];
    }

    private static ConsumerLag Of(LogPartition partition, StoredConsumer consumer, RecordBatch batch, DateTimeOffset now)
    {
        var position = consumer.Positions.TryGetValue(partition.Index, out var known) ? known : partition.Start;
        return new ConsumerLag(
            partition.Index, position, partition.End - position, partition.BytesFrom(position), MillisBehind(partition, position, batch, now),
            consumer.Progress.TryGetValue(partition.Index, out var progress) ? progress : null);
    }

    private static long MillisBehind(LogPartition partition, long position, RecordBatch batch, DateTimeOffset now)
    {
        batch.Clear();
        try
        {
            if (!partition.TryRead(position, batch)) return 0;
        }
        catch (FaultException unreadable) when (unreadable.Fault is Fault.Corrupt or Fault.Unavailable)
        {
            // How late it is cannot be told there; health tells why.
            return 0;
        }

        return Math.Max(0, (long)(now - DateTimeOffset.UnixEpoch.AddTicks(batch[0].ArrivalNs / 100)).TotalMilliseconds);
    }
}
