using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Works out which series conditions hold for.</summary>
internal sealed class SeriesFilter
{
    private readonly SeriesTable _table;
    private readonly int _count;
    private readonly Dictionary<int, Column> _columns = [];

    private SeriesFilter(SeriesTable table, int count)
    {
        _table = table;
        _count = count;
    }

    /// <param name="table">The table.</param>
    /// <param name="count">Its series, as seen under the store's lock.</param>
    /// <param name="conditions">All must hold.</param>
    /// <returns>Null for all series.</returns>
    public static SeriesSet? Of(SeriesTable table, int count, IReadOnlyList<SeriesPredicate> conditions) =>
        conditions.Count == 0 ? null : new SeriesFilter(table, count).Find(conditions);

    private SeriesSet Find(IReadOnlyList<SeriesPredicate> conditions)
    {
        var first = conditions.FirstOrDefault(static condition => condition.Few is not null);
        var some = first is null ? null : Having(first.Few!.Value);
        var set = new SeriesSet(_count);
        var tests = conditions.Where(condition => condition != first).Select(Test).ToList();
        for (var i = 0; i < (some?.Count ?? _count); i++)
        {
            var code = some?[i] ?? i;
            if (tests.TrueForAll(test => test(code))) set.Add(code);
        }

        return set;
    }

    private List<int> Having((int Column, IReadOnlyList<byte[]> Values) few)
    {
        var column = Of(few.Column);
        var found = new List<int>();
        foreach (var value in few.Values.DistinctBy(static value => Convert.ToHexString(value)))
        {
            var number = column.Index.Find(value);
            if (number < 0) continue;
            var numbers = column.ValueOf.AsSpan(0, _count);
            for (var from = 0; numbers[from..].IndexOf(number) is var at and >= 0; from += at + 1)
            {
                found.Add(from + at);
                if (from + at + 1 >= _count) break;
            }
        }

        return found;
    }

    // Of one column, each value is tested once.
    private Predicate<int> Test(SeriesPredicate condition)
    {
        if (condition.Columns.Distinct().ToList() is not [var only])
            return code => condition.Holds(column => Of(column).Value(Of(column).ValueOf[code])) == true;
        var values = Of(only);
        var known = new sbyte[values.Index.Count + 1];
        return code =>
        {
            var number = values.ValueOf[code];
            ref var holds = ref known[number + 1];
            if (holds == 0) holds = condition.Holds(_ => values.Value(number)) == true ? (sbyte)1 : (sbyte)-1;
            return holds > 0;
        };
    }

    private Column Of(int number)
    {
        if (_columns.TryGetValue(number, out var known)) return known;
        var index = _table.Values(number);
        var column = new Column(index, index.Of(_count));
        _columns.Add(number, column);
        return column;
    }

    private sealed class Column(ValueIndex index, int[] valueOf)
    {
        private readonly Dictionary<int, byte[]> _values = [];

        public ValueIndex Index { get; } = index;

        public int[] ValueOf { get; } = valueOf;

        public byte[]? Value(int number)
        {
            if (number < 0) return null;
            if (!_values.TryGetValue(number, out var value)) _values.Add(number, value = Index[number].ToArray());
            return value;
        }
    }
}
