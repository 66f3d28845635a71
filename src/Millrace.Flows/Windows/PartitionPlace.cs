using Millrace.Contracts.Flows;

namespace Millrace.Flows.Windows;

/// <summary>How far the windows of a flow have read one partition of its source.</summary>
internal struct PartitionPlace
{
    /// <summary>Whether anything was read of it yet.</summary>
    public bool Known { get; set; }

    /// <summary>All before it is settled: counted, and in the dead letters where refused.</summary>
    public Checkpoint Settled { get; set; }

    /// <summary>All before it is in the windows; at or after <see cref="Settled"/>, where a batch was taken and its end was not told yet.</summary>
    public long Taken { get; set; }

    public void Settle(Checkpoint settled)
    {
        Known = true;
        if (settled.Offset >= Settled.Offset) Settled = settled;
        Taken = Math.Max(Taken, settled.Offset);
    }

    public readonly void Write(BinaryWriter writer)
    {
        writer.Write(Known);
        writer.Write7BitEncodedInt64(Taken);
        writer.Write7BitEncodedInt64(Settled.Offset);
        var counts = Settled.Counts;
        foreach (var count in (ReadOnlySpan<long>)
            [
                counts.Examined, counts.PassedOver, counts.Matched, counts.Stored, counts.Absorbed, counts.Rejected, counts.DeadLettered, counts.Overtaken,
                counts.Records, counts.RecordsStored, counts.RecordsAbsorbed, counts.RecordsRejected, counts.RecordsDeadLettered,
            ]) writer.Write7BitEncodedInt64(count);
    }

    public void Read(BinaryReader reader)
    {
        Known = reader.ReadBoolean();
        Taken = reader.Read7BitEncodedInt64();
        var offset = reader.Read7BitEncodedInt64();
        var counts = new FlowCounts
        {
            Examined = reader.Read7BitEncodedInt64(),
            PassedOver = reader.Read7BitEncodedInt64(),
            Matched = reader.Read7BitEncodedInt64(),
            Stored = reader.Read7BitEncodedInt64(),
            Absorbed = reader.Read7BitEncodedInt64(),
            Rejected = reader.Read7BitEncodedInt64(),
            DeadLettered = reader.Read7BitEncodedInt64(),
            Overtaken = reader.Read7BitEncodedInt64(),
            Records = reader.Read7BitEncodedInt64(),
            RecordsStored = reader.Read7BitEncodedInt64(),
            RecordsAbsorbed = reader.Read7BitEncodedInt64(),
            RecordsRejected = reader.Read7BitEncodedInt64(),
            RecordsDeadLettered = reader.Read7BitEncodedInt64(),
        };
        Settled = new Checkpoint(offset, counts);
    }
}
