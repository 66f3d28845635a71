namespace Millrace.Gateway.Sessions;

/// <summary>Positions in order, first in, first out; what was taken can be put back in front. Holds memory only while it holds positions.</summary>
internal sealed class PositionQueue
{
    private LogPosition[] _ring = [];
    private int _first;

    public int Count { get; private set; }

    public LogPosition this[int index] => _ring[(_first + index) & (_ring.Length - 1)];

    public void Add(LogPosition position)
    {
        Grow();
        _ring[(_first + Count++) & (_ring.Length - 1)] = position;
    }

    public void PutBack(LogPosition position)
    {
        Grow();
        _first = (_first - 1) & (_ring.Length - 1);
        _ring[_first] = position;
        Count++;
    }

    public LogPosition Take()
    {
        var position = _ring[_first];
        _first = (_first + 1) & (_ring.Length - 1);
        if (--Count == 0) (_ring, _first) = ([], 0);
        return position;
    }

    private void Grow()
    {
        if (Count < _ring.Length) return;
        var larger = new LogPosition[Math.Max(8, _ring.Length * 2)];
        for (var i = 0; i < Count; i++) larger[i] = this[i];
        (_ring, _first) = (larger, 0);
    }
}
