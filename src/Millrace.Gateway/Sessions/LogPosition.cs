namespace Millrace.Gateway.Sessions;

/// <summary>Where a message stands in the ingress log: partition and offset in eight bytes. A log has at most 256 partitions.</summary>
internal readonly record struct LogPosition
{
    private const int OffsetBits = 56;

    private readonly ulong _packed;

    public LogPosition(int partition, long offset) => _packed = ((ulong)partition << OffsetBits) | (ulong)offset;

    /// <summary>Of a message that is not in the log.</summary>
    public static LogPosition None { get; } = new(255, (1L << OffsetBits) - 1);

    public int Partition => (int)(_packed >> OffsetBits);

    public long Offset => (long)(_packed & ((1UL << OffsetBits) - 1));

    public bool IsNone => this == None;
}
