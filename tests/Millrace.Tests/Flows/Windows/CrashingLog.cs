using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Testing.Flows;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Flows.Windows;

/// <summary>A log before and behind each record of which the process may end.</summary>
internal sealed class CrashingLog(MemoryLog log, CrashPoint crash) : IRecordLog, ILogPartition
{
    public string Name => log.Name;

    public IReadOnlyList<ILogPartition> Partitions => [this];

    public int Index => 0;

    public long Start => log.Start;

    public long End => log.End;

    public ILogPartition PartitionFor(ReadOnlySpan<byte> key) => this;

    public long TryAppend(in Record record, ICommitListener? listener, out long offset)
    {
        crash.Pass();
        return log.TryAppend(record, listener, out offset);
    }

    public ValueTask WaitForRoomAsync(CancellationToken stop) => log.WaitForRoomAsync(stop);

    public bool TryRead(long offset, RecordBatch into) => log.TryRead(offset, into);

    public ValueTask WaitForRecordsAsync(long offset, CancellationToken stop) => log.WaitForRecordsAsync(offset, stop);

    public long OffsetAt(long arrivalNs) => log.OffsetAt(arrivalNs);
}
