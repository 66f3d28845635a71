namespace Millrace.Gateway.Sessions;

/// <summary>Where a message stands in the ingress log: partition and offset in eight bytes. A log has at most 256 partitions.</summary>
internal readonly record struct LogPosition
{
    private const int OffsetBits = 56;

    public LogPosition(int partition, long offset) => Packed = ((ulong)partition << OffsetBits) | (ulong)offset;

    private LogPosition(ulong packed) => Packed = packed;

    /// <summary>Of a message that is not in the log.</summary>
    public static LogPosition None { get; } = new(255, (1L << OffsetBits) - 1);

    /// <summary>As it is kept: the partition in the upper eight bits.</summary>
    public ulong Packed { get; }

    public int Partition => (int)(Packed >> OffsetBits);

    public long Offset => (long)(Packed & ((1UL << OffsetBits) - 1));

    public bool IsNone => this == None;

    public static LogPosition OfPacked(ulong packed) => new(packed);
}
