using System.Text;
using Millrace.Contracts.Records;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Connectors;

/// <summary>Batches as a runner makes them.</summary>
internal static class Batches
{
    /// <param name="offset">Of the first.</param>
    /// <param name="payloads">One message each.</param>
    public static RecordBatch From(long offset, params string[] payloads)
    {
        var batch = new RecordBatch();
        foreach (var payload in payloads) batch.Add(new Record { Topic = "t"u8, Key = "device"u8, Payload = Encoding.UTF8.GetBytes(payload), Offset = offset++ });
        batch.Through = offset;
        return batch;
    }
}
