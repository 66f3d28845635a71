namespace Millrace.Gateway.Sessions;

/// <summary>What waits for a client or a shared subscription: positions in the log. Guarded by its owner's lock.</summary>
/// <remarks>
/// Only so many positions are listed. From the first one that has no place the log itself is the list: <see cref="Gap"/> tells from where it has to be
/// searched again once the list is empty. Memory is bounded this way, and nothing is lost.
/// </remarks>
internal sealed class Inbox(int capacity, int partitions)
{
    private readonly PositionQueue _listed = new();

    // By partition: messages from this offset up to what the owner has seen are not listed. -1: none.
    private long[]? _gaps;

    public bool IsEmpty => _listed.Count == 0 && _gaps is null;

    /// <summary>Positions that are listed.</summary>
    public int Count => _listed.Count;

    /// <summary>Whether positions are missing that have to be searched for in the log before anything else can be taken.</summary>
    public bool NeedsSearch => _listed.Count == 0 && _gaps is not null;

    public LogPosition this[int index] => _listed[index];

    public void Add(LogPosition position)
    {
        if (_gaps is null && _listed.Count < capacity)
        {
            _listed.Add(position);
            return;
        }

        if (_gaps is null)
        {
            _gaps = new long[partitions];
            Array.Fill(_gaps, -1);
        }

        // Later ones of this partition are within the gap: the owner remembers how far it has seen.
        if (_gaps[position.Partition] < 0) _gaps[position.Partition] = position.Offset;
    }

    public LogPosition Take() => _listed.Take();

    /// <summary>Puts what was taken in front of all that waits.</summary>
    public void PutBack(LogPosition position) => _listed.PutBack(position);

    /// <summary>The partition to search and the offset from which on; -1 where nothing is missing.</summary>
    public (int Partition, long From) Gap()
    {
        if (_gaps is null) return (-1, -1);
        for (var partition = 0; partition < _gaps.Length; partition++)
            if (_gaps[partition] >= 0) return (partition, _gaps[partition]);
        return (-1, -1);
    }

    /// <summary>A search found these, and has looked at all before an offset.</summary>
    /// <param name="partition">That was searched.</param>
    /// <param name="found">In order.</param>
    /// <param name="through">The offset behind the last that was looked at.</param>
    /// <param name="isAll">Whether the owner has seen nothing after it.</param>
    public void Found(int partition, IReadOnlyList<LogPosition> found, long through, bool isAll)
    {
        foreach (var position in found) _listed.Add(position);
        _gaps![partition] = isAll ? -1 : through;
        if (Array.TrueForAll(_gaps, static gap => gap < 0)) _gaps = null;
    }

    /// <summary>By partition, or null: for the document.</summary>
    public long[]? Gaps => _gaps is null ? null : (long[])_gaps.Clone();

    /// <summary>As a document kept it.</summary>
    public void Restore(IEnumerable<LogPosition> listed, long[]? gaps)
    {
        foreach (var position in listed) _listed.Add(position);
        _gaps = gaps;
    }
}
