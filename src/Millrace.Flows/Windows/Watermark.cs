namespace Millrace.Flows.Windows;

/// <summary>How far event time has come, over all partitions of a source: what ends before it has ended.</summary>
/// <remarks>
/// The highest event time of a partition less the lateness, and of these the least. A partition without rows for a while does not hold it; when none has rows, the
/// clock of this machine moves it on, so that the last windows end too. Never goes back. Not for two threads at once.
/// </remarks>
internal sealed class Watermark
{
    private readonly long _latenessNs;
    private readonly TimeSpan _idle;
    private readonly TimeProvider _clock;
    private readonly long[] _highest;
    private readonly long[] _seenAt;
    private readonly bool[] _isIdle;

    public Watermark(int partitions, long latenessNs, TimeSpan idle, TimeProvider clock)
    {
        (_latenessNs, _idle, _clock) = (latenessNs, idle, clock);
        _highest = new long[partitions];
        _highest.AsSpan().Fill(long.MinValue);
        _seenAt = new long[partitions];
        _seenAt.AsSpan().Fill(clock.GetTimestamp());
        _isIdle = new bool[partitions];
    }

    /// <summary>Nanoseconds since 1970; the smallest number before there was a row.</summary>
    public long Ns { get; private set; } = long.MinValue;

    /// <summary>A row of a partition was read.</summary>
    public void Observe(int partition, long timeNs)
    {
        _seenAt[partition] = _clock.GetTimestamp();
        var wasIdle = _isIdle[partition];
        _isIdle[partition] = false;
        var before = _highest[partition];
        if (timeNs > before) _highest[partition] = timeNs;

        // Only the partition that was last can have held it.
        if (wasIdle || (timeNs > before && (before == long.MinValue || before - _latenessNs <= Ns))) Advance(LeastOfBusy());
    }

    /// <summary>Time passes without rows.</summary>
    public void Tick()
    {
        var last = long.MinValue;
        for (var i = 0; i < _highest.Length; i++)
        {
            _isIdle[i] = _clock.GetElapsedTime(_seenAt[i]) >= _idle;
            last = Math.Max(last, _seenAt[i]);
        }

        if (!_isIdle.All(static idle => idle))
        {
            Advance(LeastOfBusy());
            return;
        }

        var highest = _highest.Max();
        if (highest == long.MinValue) return;
        Advance(highest - _latenessNs + ((_clock.GetElapsedTime(last) - _idle).Ticks * TimeSpan.NanosecondsPerTick));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Ns);
        writer.Write7BitEncodedInt(_highest.Length);
        foreach (var highest in _highest) writer.Write(highest);
    }

    public void Read(BinaryReader reader)
    {
        Ns = reader.ReadInt64();
        var count = reader.Read7BitEncodedInt();
        for (var i = 0; i < count; i++)
        {
            var highest = reader.ReadInt64();
            if (i < _highest.Length) _highest[i] = highest;
        }
    }

    private void Advance(long to) => Ns = Math.Max(Ns, to);

    private long LeastOfBusy()
    {
        var least = long.MaxValue;
        for (var i = 0; i < _highest.Length; i++)
            if (!_isIdle[i]) least = Math.Min(least, _highest[i] == long.MinValue ? long.MinValue : _highest[i] - _latenessNs);
        return least == long.MaxValue ? long.MinValue : least;
    }
}
