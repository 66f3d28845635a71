using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Sql.Payload;

namespace Millrace.Server.Writes;

/// <summary>Makes points of the lines of a CSV. Not for two threads at once.</summary>
internal sealed class CsvPoints
{
    private readonly CsvShape _shape;
    private readonly CsvLine _line = new();
    private readonly byte[] _measureName;
    private readonly int _time;
    private readonly int _version;
    private readonly int _name;
    private readonly int[] _dimensions;
    private readonly int[] _measures;
    private readonly int[] _singles;
    private readonly int[] _columns;
    private ISeriesTable? _table;

    public CsvPoints(CsvShape shape)
    {
        _shape = shape;
        _measureName = Encoding.UTF8.GetBytes(shape.MeasureName ?? "");
        _time = Of(CsvRole.Time)[0];
        _version = Of(CsvRole.Version) is [var version, ..] ? version : -1;
        _name = Of(CsvRole.MeasureName) is [var name, ..] ? name : -1;
        _dimensions = Of(CsvRole.Dimension);
        _measures = Of(CsvRole.Measure);
        _singles = Of(CsvRole.SingleValue);
        _columns = new int[shape.Columns.Count];
    }

    public TableName Table => TableName.TryParse(_shape.Table, out var name) ? name : default;

    /// <summary>Adds the points of lines, each under the number of its line.</summary>
    /// <param name="text">Whole lines; the last one may lack its end.</param>
    /// <param name="line">The number of the first line; afterwards that of the next one.</param>
    /// <param name="most">Lines at most.</param>
    /// <param name="table">The table of the shape.</param>
    /// <param name="arrivalNs">When they came.</param>
    /// <param name="points">Gets the points.</param>
    /// <param name="refused">Told the lines that are none, and why.</param>
    /// <returns>How much of the text was read.</returns>
    public int Read(ReadOnlySpan<byte> text, ref int line, int most, ISeriesTable table, long arrivalNs, PointBatch points, Action<int, string> refused)
    {
        Enter(table);
        var at = 0;
        for (; at < text.Length && most > 0; most--)
        {
            var rest = text[at..];
            var wrong = _line.Read(rest, out var length, out var breaks);
            if (wrong is not null || _line.Count > 1 || !_line.Field(rest, 0).IsEmpty) wrong ??= Add(rest, line, arrivalNs, points);
            if (wrong is not null) refused(line, wrong);
            line += 1 + breaks;
            at += length;
        }

        return at;
    }

    private string? Add(ReadOnlySpan<byte> text, int line, long arrivalNs, PointBatch points)
    {
        if (_line.Count != _columns.Length) return string.Create(CultureInfo.InvariantCulture, $"it has {_line.Count} fields, and the header {_columns.Length}");
        var time = _line.Field(text, _time);
        if (!TryTime(time, out var timeNs)) return $"{_shape.Columns[_time].Name}: '{Shown(time)}' is no time: a number of {_shape.Unit.ToString().ToLowerInvariant()}, or as 2026-06-01T08:20:18Z";
        var version = 1L;
        if (_version >= 0 && _line.Field(text, _version) is { Length: > 0 } given && !TryLong(given, out version)) return $"{_shape.Columns[_version].Name}: '{Shown(given)}' is no version: a whole number from 1";

        var single = SingleOf(text);
        if (single is null) return "it has more than one value in the columns measure_value::…; a record with one value has one";
        var name = _name >= 0 ? _line.Field(text, _name) : _measureName;
        points.Begin(_table!, line, name, single < 0, timeNs, version, arrivalNs);
        foreach (var dimension in _dimensions)
            if (_line.Field(text, dimension) is { Length: > 0 } value) points.Dimension(_columns[dimension], value);
        var wrong = single >= 0 ? Single(text, single.Value, points) : Measures(text, points);
        if (wrong is null) points.End();
        else points.Abandon();
        return wrong;
    }

    // Null: there are several. -1: there is none.
    private int? SingleOf(ReadOnlySpan<byte> text)
    {
        var found = -1;
        foreach (var field in _singles)
        {
            if (!IsThere(text, field)) continue;
            if (found >= 0) return null;
            found = field;
        }

        return found;
    }

    private string? Single(ReadOnlySpan<byte> text, int field, PointBatch points)
    {
        foreach (var measure in _measures)
            if (IsThere(text, measure)) return $"it has a value in {_shape.Columns[field].Name} and in {_shape.Columns[measure].Name}: a record has one value, or named ones";
        Measure(_line.Field(text, field), PointBatch.SingleMeasure, _shape.Columns[field].Type, points);
        return null;
    }

    private string? Measures(ReadOnlySpan<byte> text, PointBatch points)
    {
        var measured = false;
        foreach (var field in _measures)
        {
            if (!IsThere(text, field)) continue;
            Measure(_line.Field(text, field), _columns[field], _table!.TypeOf(_columns[field]) ?? _shape.Columns[field].Type, points);
            measured = true;
        }

        return measured ? null : "it has no value";
    }

    private bool IsThere(ReadOnlySpan<byte> text, int field) => _line.IsQuoted(field) || !_line.Field(text, field).IsEmpty;

    // What does not fit its type goes on as what it is: the table refuses it and names both.
    private void Measure(ReadOnlySpan<byte> text, int column, MeasureType? type, PointBatch points)
    {
        switch (type)
        {
            case MeasureType.Varchar:
                points.Measure(column, text);
                return;
            case MeasureType.Bigint when TryLong(text, out var whole):
                points.Measure(column, MeasureType.Bigint, whole);
                return;
            case MeasureType.Timestamp when TryTime(text, out var timeNs):
                points.Measure(column, MeasureType.Timestamp, timeNs);
                return;
            case MeasureType.Boolean or null when Ascii.EqualsIgnoreCase(text, "true"u8) || Ascii.EqualsIgnoreCase(text, "false"u8):
                points.Measure(column, text.Length == 4);
                return;
            case not (MeasureType.Boolean or MeasureType.Timestamp) when ShortDouble.TryRead(text, out var number):
                points.Measure(column, number);
                return;
            default:
                points.Measure(column, text);
                return;
        }
    }

    private bool TryTime(ReadOnlySpan<byte> text, out long ns) =>
        TimeText.TryParseEpoch(text, _shape.Unit, out ns) || TimeText.TryParse(text, out ns);

    private static bool TryLong(ReadOnlySpan<byte> text, out long value) => Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    private void Enter(ISeriesTable table)
    {
        if (ReferenceEquals(table, _table)) return;
        _table = table;
        foreach (var dimension in _dimensions) _columns[dimension] = table.DimensionColumn(_shape.Columns[dimension].Name);
        foreach (var measure in _measures) _columns[measure] = table.MeasureColumn(Encoding.UTF8.GetBytes(_shape.Columns[measure].Name));
    }

    private int[] Of(CsvRole role) => [.. _shape.Columns.Index().Where(column => column.Item.Role == role).Select(static column => column.Index)];

    private static string Shown(ReadOnlySpan<byte> value) => Pipeline.Yaml.Quote.Name(Encoding.UTF8.GetString(value[..Math.Min(value.Length, 200)]));
}
