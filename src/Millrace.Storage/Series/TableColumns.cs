using System.Text;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>The names of a table's dimensions and of the measures of its multi-measure records, as numbers. Any thread may ask.</summary>
/// <remarks>
/// DuckDB does not tell upper from lower case in column names, so neither may a table. A name that cannot be a column gets a number too, a negative one:
/// points that use it are refused when they are written, each with the reason, and the caller needs no second way to fail.
/// </remarks>
internal sealed class TableColumns
{
    private const int FirstRefused = PointBatch.SingleMeasure - 1;
    private const int MaxRefused = 256;

    private readonly Lock _lock = new();
    private readonly string _table;
    private readonly ByteKeys _measureNames = new();
    private readonly Dictionary<string, int> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _refused = [];
    private readonly List<int> _measureNumbers = [];
    private volatile string[] _dimensions = [];
    private volatile MeasureColumn[] _measures = [];

    public TableColumns(string table) => _table = table;

    public string[] Dimensions => _dimensions;

    public MeasureColumn[] Measures => _measures;

    public int Dimension(string name)
    {
        lock (_lock)
        {
            var at = Array.IndexOf(_dimensions, name);
            if (at >= 0) return at;
            var wrong = SeriesLimits.WrongName("dimension", name, SeriesLimits.DimensionNameBytes) ?? Taken("dimension", name)
                ?? (_dimensions.Length == SeriesLimits.Dimensions ? $"dimension '{name}' would be one more than the {SeriesLimits.Dimensions} a table may have" : null);
            if (wrong is not null) return Refuse($"{wrong} ({_table})");
            _byName.Add(name, _dimensions.Length);
            _dimensions = [.. _dimensions, name];
            return _dimensions.Length - 1;
        }
    }

    public int Measure(ReadOnlySpan<byte> utf8)
    {
        lock (_lock)
        {
            var known = _measureNames.Find(utf8);
            if (known >= 0) return _measureNumbers[known];
            var name = Encoding.UTF8.GetString(utf8);
            var wrong = !System.Text.Unicode.Utf8.IsValid(utf8) ? $"measure '{SeriesLimits.Short(name)}': its name is not UTF-8" : null;
            wrong ??= SeriesLimits.WrongName("measure", name, SeriesLimits.MeasureNameBytes) ?? Taken("measure", name)
                ?? (_measures.Length == SeriesLimits.MeasureColumns ? $"measure '{name}' would be one more than the {SeriesLimits.MeasureColumns} columns a table may have" : null);
            if (wrong is not null)
            {
                var number = Refuse($"{wrong} ({_table})");
                if (_refused.Count < MaxRefused) Remember(utf8, number);
                return number;
            }

            Remember(utf8, _measures.Length);
            _byName.Add(name, _measures.Length);
            _measures = [.. _measures, new MeasureColumn(name)];
            return _measures.Length - 1;
        }
    }

    /// <summary>Why points with this number of a dimension or a measure are refused; null where they are not.</summary>
    public string? RefusalOf(int column)
    {
        if (column > FirstRefused) return null;
        lock (_lock)
        {
            var at = FirstRefused - column;
            return at < _refused.Count ? _refused[at] : $"a dimension or a measure of this record has a name that {_table} cannot have as a column";
        }
    }

    private void Remember(ReadOnlySpan<byte> utf8, int number)
    {
        _measureNames.Add(utf8);
        _measureNumbers.Add(number);
    }

    private string? Taken(string what, string name)
    {
        if (!_byName.ContainsKey(name)) return null;
        var other = _byName.Keys.First(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));
        return other == name
            ? $"{what} '{name}': the table has a dimension or a measure column of this name already"
            : $"{what} '{name}': the table has the column '{other}', which differs only in upper and lower case";
    }

    private int Refuse(string reason)
    {
        var at = _refused.IndexOf(reason);
        if (at >= 0) return FirstRefused - at;
        if (_refused.Count == MaxRefused) return int.MinValue;
        _refused.Add(reason);
        return FirstRefused - (_refused.Count - 1);
    }
}
