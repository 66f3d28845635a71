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
        var first = Narrowest(conditions, out var numbers);
        var some = first is null ? null : Having(first.Few!.Value.Column, numbers);
        var set = new SeriesSet(_count);
        var tests = conditions.Where(condition => condition != first).Select(Test).ToArray();
        for (var i = 0; i < (some?.Count ?? _count); i++)
        {
            var code = some is null ? i : some[i];
            var holds = true;
            foreach (var test in tests)
            {
                holds = test(code);
                if (!holds) break;
            }

            if (holds) set.Add(code);
        }

        return set;
    }

    // Of those that name values, the one that names those of the fewest series.
    private SeriesPredicate? Narrowest(IReadOnlyList<SeriesPredicate> conditions, out HashSet<int> numbers)
    {
        (SeriesPredicate? found, numbers, var fewest) = (null, [], long.MaxValue);
        foreach (var condition in conditions)
        {
            if (condition.Few is not { } few) continue;
            var index = Of(few.Column).Index;
            var named = new HashSet<int>();
            var count = 0L;
            foreach (var value in few.Values)
            {
                if (index.Find(value) is var number and >= 0 && named.Add(number)) count += index.CountOf(number);
            }

            if (count < fewest) (found, numbers, fewest) = (condition, named, count);
        }

        return found;
    }

    private List<int> Having(int column, HashSet<int> numbers)
    {
        var found = new List<int>();
        foreach (var number in numbers) Of(column).Index.AddSeries(number, _count, found);
        return found;
    }

    // Of one column, each value is tested once.
    private Predicate<int> Test(SeriesPredicate condition)
    {
        if (condition.OfNull is var (column, isNull))
        {
            var valueOf = Of(column).ValueOf;
            return code => valueOf[code] < 0 == isNull;
        }

        if (condition.Columns.Distinct().ToList() is not [var only])
            return code => condition.Holds(asked => Of(asked).Value(Of(asked).ValueOf[code])) == true;
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
