using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Server.Streams;

/// <summary>A record that is to be put.</summary>
/// <param name="Key">1 to 256 characters.</param>
/// <param name="Data">Its payload.</param>
/// <param name="Hash">Finds the partition instead of the key's.</param>
/// <param name="Topic">Null: the stream's name.</param>
internal sealed record StreamPutRecord(string Key, ReadOnlyMemory<byte> Data, UInt128? Hash, string? Topic);

/// <summary>What became of one.</summary>
/// <param name="Partition">Where it stands.</param>
/// <param name="Offset">Its sequence number.</param>
/// <param name="Problem">Why it was refused; null: it is safe.</param>
internal readonly record struct StreamPutResult(int Partition, long Offset, string? Problem);

/// <summary>Puts records into a stream, each by itself: one that is refused keeps none of the others away.</summary>
internal static class StreamPut
{
    /// <summary>As of PutRecords.</summary>
    public const int MostRecords = 500;

    /// <summary>Payloads and keys, together.</summary>
    public const long MostBytes = 10 << 20;

    private const int LongestKey = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Ends when all that was not refused would survive pulling the plug. Records of one partition keep the order they are given in.</summary>
    /// <exception cref="FaultException">Unavailable: the disk is slow or full; nobody knows yet which records are safe.</exception>
    public static async Task<StreamPutResult[]> RunAsync(StreamView stream, IReadOnlyList<StreamPutRecord> records, CancellationToken stop)
    {
        var results = new StreamPutResult[records.Count];
        var batches = new RecordBatch?[stream.Log.Partitions.Count];
        var indexes = new List<int>[batches.Length];
        try
        {
            for (var i = 0; i < records.Count; i++) Assign(stream, records[i], i, batches, indexes, results);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            await Task.WhenAll(Enumerable.Range(0, batches.Length).Where(i => batches[i] is not null).Select(async partition =>
                await stream.Log.Partitions[partition].AppendAsync(
                    batches[partition]!,
                    (at, reason) => results[indexes[partition][at]] = new(partition, -1, reason),
                    (at, offset) => results[indexes[partition][at]] = new(partition, offset, null),
                    patience.Token)));
            return results;
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            throw new FaultException(Fault.Unavailable, $"the log did not take the records within {Patience.TotalSeconds:0} s: the disk is slow or full. Some may be put all the same", late);
        }
        finally
        {
            foreach (var batch in batches) batch?.Dispose();
        }
    }

    private static void Assign(
        StreamView stream, StreamPutRecord record, int index, RecordBatch?[] batches, List<int>[] indexes, StreamPutResult[] results)
    {
        if (record.Key.Length is 0 or > LongestKey)
        {
            results[index] = new(-1, -1, $"partitionKey must have 1 to {LongestKey} characters");
            return;
        }

        var key = Encoding.UTF8.GetBytes(record.Key);
        var partition = record.Hash is { } hash ? stream.Log.Ranges.PartitionOf(hash) : stream.Log.PartitionFor(key).Index;
        (indexes[partition] ??= []).Add(index);
        (batches[partition] ??= new RecordBatch()).Add(new Record { Topic = Encoding.UTF8.GetBytes(record.Topic ?? stream.Options.Name), Key = key, Payload = record.Data.Span });
    }
}
