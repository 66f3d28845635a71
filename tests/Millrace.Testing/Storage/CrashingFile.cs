namespace Millrace.Testing.Storage;

/// <summary>What readers of a file see, what would survive a crash, and the writes in between.</summary>
internal sealed class CrashingFile
{
    private const int Sector = 512;

    private readonly List<Action<MemoryBytes>> _unsynced = [];
    private MemoryBytes _durable = new();

    public MemoryBytes Seen { get; private set; } = new();

    public void Write(long at, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var (start, part) = (at, bytes[..(int)Math.Min(bytes.Length, Sector - (at % Sector))].ToArray());
            Do(file => file.Write(start, part));
            at += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>A bit goes bad, for readers of now and of later.</summary>
    public void Rot(long at)
    {
        if (at < Seen.Length) Seen.All[(int)at] ^= 4;
        if (at < _durable.Length) _durable.All[(int)at] ^= 4;
    }

    public void SetLength(long length) => Do(file => file.SetLength(length));

    /// <summary>Whether a sync says it worked and keeps nothing, until the process is started again.</summary>
    public bool Lies { get; set; }

    public void Sync()
    {
        if (Lies)
        {
            Forget();
            return;
        }

        foreach (var change in _unsynced) change(_durable);
        _unsynced.Clear();
    }

    /// <summary>A sync failed: the pages count as clean, and were never written.</summary>
    public void Forget() => _unsynced.Clear();

    /// <summary>Nothing, all, a beginning, or anything of what was not synced is there afterwards.</summary>
    public void Crash(Random random)
    {
        var luck = random.Next(4);
        var kept = luck == 2 ? random.Next(_unsynced.Count + 1) : luck == 0 ? 0 : _unsynced.Count;
        foreach (var change in _unsynced[..kept])
            if (luck < 3 || random.Next(2) == 0) change(_durable);
        _unsynced.Clear();
        Seen = _durable.Copy();
        _durable = Seen.Copy();
    }

    private void Do(Action<MemoryBytes> change)
    {
        change(Seen);
        _unsynced.Add(change);
    }
}
