namespace Millrace.Storage.Log;

/// <summary>
/// Where the frames stand that will be asked for next: those just committed, and those behind the ones just read. Spares
/// readers that go forward the walk from the nearest place in the index.
/// </summary>
/// <remarks>Newer hints overwrite older ones; a miss costs a short walk. Any thread may call.</remarks>
internal sealed class FrameHints
{
    private const int Bits = 6;
    private readonly Lock _gate = new();
    private readonly (long Offset, Segment? Segment, long Position)[] _hints = new (long, Segment?, long)[1 << Bits];

    public void Add(long offset, Segment segment, long position)
    {
        lock (_gate) _hints[Slot(offset)] = (offset, segment, position);
    }

    public bool TryGet(long offset, Segment segment, out long position)
    {
        lock (_gate)
        {
            var hint = _hints[Slot(offset)];
            position = hint.Position;
            return hint.Offset == offset && ReferenceEquals(hint.Segment, segment);
        }
    }

    private static int Slot(long offset) => (int)((ulong)offset * 0x9E3779B97F4A7C15 >> (64 - Bits));
}
