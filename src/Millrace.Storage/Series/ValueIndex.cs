using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series;

/// <summary>The distinct values of one dimension, or the measure names, of a table, and which series has which. Any thread.</summary>
/// <remarks>Made when somebody asks, and kept up then: a table whose dimensions nobody asks for does without.</remarks>
internal sealed class ValueIndex(SeriesIndex series, int column)
{
    /// <summary>Stands for the measure name, beside the numbers of dimensions.</summary>
    public const int MeasureName = -1;

    private readonly Lock _lock = new();
    private readonly ByteKeys _values = new();
    private int[] _valueOf = [];
    private int _series;

    // Series of the same value are a chain: where each begins and ends, by value, and what comes next, by series.
    private readonly List<(int First, int Last, int Count)> _chains = [];
    private int[] _next = [];
    private TextDictionary? _texts;

    /// <summary>For each series the number of its value, -1 where it has none.</summary>
    /// <param name="seriesCount">As seen under the store's lock: the answer is for so many series at least, and may be longer.</param>
    public int[] Of(int seriesCount)
    {
        if (Volatile.Read(ref _series) >= seriesCount) return Volatile.Read(ref _valueOf);
        lock (_lock)
        {
            if (_series >= seriesCount) return _valueOf;
            var next = _valueOf;
            if (next.Length < seriesCount) Array.Resize(ref next, Math.Max(seriesCount, next.Length * 2));
            if (_next.Length < next.Length) Array.Resize(ref _next, next.Length);
            for (var code = _series; code < seriesCount; code++)
            {
                next[code] = NumberOf(series.KeyOf(code));
                if (next[code] >= 0) Link(next[code], code);
            }

            Volatile.Write(ref _valueOf, next);
            Volatile.Write(ref _series, seriesCount);
            return next;
        }
    }

    /// <summary>How many values there are for now; those below it stay as they are.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _values.Count;
        }
    }

    /// <summary>A value by its number, in UTF-8. It stays where it is.</summary>
    public ReadOnlySpan<byte> this[int number] => _values[number];

    /// <returns>The number of a value; -1 where no series has it, among those that <see cref="Of"/> was asked for.</returns>
    public int Find(ReadOnlySpan<byte> value)
    {
        lock (_lock) return _values.Find(value);
    }

    /// <summary>How many series have a value, of those that <see cref="Of"/> was asked for.</summary>
    /// <param name="number">The value's.</param>
    public int CountOf(int number)
    {
        lock (_lock) return _chains[number].Count;
    }

    /// <summary>Adds the series that have a value, ascending.</summary>
    /// <param name="number">The value's.</param>
    /// <param name="seriesCount">Only codes below it.</param>
    /// <param name="into">Receives them.</param>
    public void AddSeries(int number, int seriesCount, List<int> into)
    {
        lock (_lock)
        {
            for (var code = _chains[number].First; code >= 0 && code < seriesCount; code = _next[code]) into.Add(code);
        }
    }

    /// <summary>The values as DuckDB reads them: value n has the number n + 1. All that <see cref="Of"/> answered with are there.</summary>
    public TextDictionary Texts()
    {
        lock (_lock)
        {
            if (_texts is null || _values.Count + 1 > _texts.Capacity) _texts = new TextDictionary((_values.Count * 2) + 16);
            for (var number = _texts.Count - 1; number < _values.Count; number++) _texts.Add(_values[number]);
            return _texts;
        }
    }

    private void Link(int number, int code)
    {
        _next[code] = -1;
        if (number == _chains.Count)
        {
            _chains.Add((code, code, 1));
            return;
        }

        var (first, last, count) = _chains[number];
        _next[last] = code;
        _chains[number] = (first, code, count + 1);
    }

    private int NumberOf(ReadOnlySpan<byte> key)
    {
        var value = column == MeasureName ? SeriesIndex.MeasureNameOf(key) : default;
        if (column != MeasureName)
        {
            var dimensions = SeriesIndex.DimensionsOf(key);
            while (dimensions.Next() && dimensions.Column != column)
            {
            }

            if (dimensions.Column != column || dimensions.Value.IsEmpty) return -1;
            value = dimensions.Value;
        }

        return _values.Find(value) is var known and >= 0 ? known : _values.Add(value);
    }
}
