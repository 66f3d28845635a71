namespace Millrace.Storage.Log;

/// <summary>Where some of the frames of one segment stand: about one for every 64 KiB, known as far as the segment was walked.</summary>
/// <remarks>Any thread may call. In memory only; a restart loses it and the first reader of the segment walks it anew.</remarks>
internal sealed class SegmentIndex(long firstOffset)
{
    private const int Spacing = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly List<FramePlace> _places = [];
    private FramePlace _frontier = new(firstOffset, SegmentHeader.Size, long.MinValue);

    /// <summary>Notes a frame. One that does not stand at the frontier is known already.</summary>
    public void Add(in FrameHeader frame, long position)
    {
        lock (_gate)
        {
            if (position != _frontier.Position) return;
            if (_places.Count == 0 || position - _places[^1].Position >= Spacing)
                _places.Add(new FramePlace(frame.FirstOffset, position, frame.ArrivalNs));
            _frontier = new FramePlace(frame.EndOffset, position + frame.FrameSize, frame.ArrivalNs);
        }
    }

    /// <summary>Forgets all: some of it may come from a header that is not what was written.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _places.Clear();
            _frontier = new FramePlace(firstOffset, SegmentHeader.Size, long.MinValue);
        }
    }

    /// <summary>Goes on behind a place that cannot be walked.</summary>
    public void Jump(long position, FramePlace to)
    {
        lock (_gate)
            if (position == _frontier.Position) _frontier = to;
    }

    /// <summary>Where to walk from to find the frame of an offset.</summary>
    public FramePlace BeforeOffset(long offset)
    {
        lock (_gate) return _frontier.Offset <= offset ? _frontier : Last(static (place, value) => place.Offset <= value, offset);
    }

    /// <summary>Where to walk from to find the last frame that began to arrive before a time.</summary>
    public FramePlace BeforeTime(long arrivalNs)
    {
        lock (_gate) return Last(static (place, value) => place.ArrivalNs < value, arrivalNs);
    }

    private FramePlace Last(Func<FramePlace, long, bool> fits, long value)
    {
        var (low, high) = (0, _places.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (fits(_places[middle], value)) low = middle + 1;
            else high = middle;
        }

        return low > 0 ? _places[low - 1] : new FramePlace(firstOffset, SegmentHeader.Size, long.MinValue);
    }
}
