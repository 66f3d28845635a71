using Millrace.Contracts.Documents;

namespace Millrace.Storage.Documents;

/// <summary>Writes on their way to the disk, in order, and who waits for them.</summary>
/// <remarks>There are two: one is filled under the lock of <see cref="DocumentState"/> while the writer empties the other.</remarks>
internal sealed class PendingWrites
{
    private const int KeptCapacity = 16 * 1024;

    // A change and a listener take memory besides their bytes, and a write may be nothing else.
    private const int EntryCost = 32;

    public List<DocumentChange> Changes { get; } = [];

    public List<(IWriteListener Listener, long Number)> Listeners { get; } = [];

    public int Writes { get; private set; }

    /// <summary>The memory they take, roughly.</summary>
    public long Cost { get; private set; }

    public static long CostOf(int changes, int bytes) => bytes + ((changes + 1L) * EntryCost);

    public void Add(long number, ReadOnlySpan<DocumentChange> changes, IWriteListener? listener, long cost)
    {
        Changes.AddRange(changes);
        if (listener is not null) Listeners.Add((listener, number));
        Writes++;
        Cost += cost;
    }

    /// <summary>Forgets them. Keeps the memory, unless a burst made it large.</summary>
    public void Clear()
    {
        Changes.Clear();
        Listeners.Clear();
        if (Changes.Capacity > KeptCapacity) Changes.Capacity = 0;
        if (Listeners.Capacity > KeptCapacity) Listeners.Capacity = 0;
        Writes = 0;
        Cost = 0;
    }
}
