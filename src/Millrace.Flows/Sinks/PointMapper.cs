using System.Text;
using Millrace.Contracts.Records;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;
using Millrace.Flows.Steps;
using Millrace.Sql.Payload;

namespace Millrace.Flows.Sinks;

/// <summary>Reads the dimensions, the measures and the time of a point out of a record's JSON.</summary>
internal sealed class PointMapper : IPointMapper
{
    private readonly SeriesSinkOptions _options;
    private readonly FieldReader _reader;
    private readonly byte[] _measureName;
    private readonly int _nameField = -1;
    private readonly int _valueField = -1;
    private readonly int _timeField = -1;
    private readonly int[] _measureFields = [];
    private readonly bool _allFields;
    private readonly Dictionary<ISeriesTable, Columns> _columns = [];

    private ISeriesTable? _table;
    private Columns _at = new([], []);

    public PointMapper(SeriesSinkOptions options)
    {
        _options = options;
        var fields = options.Dimensions.ToList();
        switch (options.Measure)
        {
            case SingleMeasure single:
                _nameField = FieldOf(fields, single.Name);
                _valueField = FieldOf(fields, single.Value);
                _measureName = [];
                break;
            case MultiMeasure multi:
                _measureName = Encoding.UTF8.GetBytes(multi.MeasureName);
                _allFields = multi.Fields is null;
                _measureFields = [.. (multi.Fields ?? []).Select(field => FieldOf(fields, field))];
                break;
            default:
                throw new ArgumentException($"a measure that is {options.Measure.GetType().Name}", nameof(options));
        }

        if (options.Time is { } time) _timeField = FieldOf(fields, time.Field);
        Fields = fields;
        _reader = new FieldReader([.. fields], keepMembers: _allFields);
    }

    public bool MakesSeveral => false;

    private List<string> Fields { get; }

    public string? Map(RecordBatch batch, int index, ISeriesTable table, PointBatch points) =>
        Map(batch.PayloadOf(index), batch.ArrivalOf(index), index, table, points);

    /// <summary>Adds the point of a record.</summary>
    /// <returns>What is wrong with the record, and then nothing is added; null where it is a point.</returns>
    public string? Map(ReadOnlySpan<byte> payload, long arrivalNs, int index, ISeriesTable table, PointBatch points)
    {
        if (!_reader.TryRead(payload, out var fields)) return _reader.Error.ToString();
        if (!ReferenceEquals(table, _table)) Enter(table);
        var time = arrivalNs;
        if (_timeField >= 0 && FieldTime.Read(fields[_timeField], fields.Text(_timeField), _options.Time!.Unit, out time) is { } wrong)
            return $"field '{_options.Time!.Field}': {wrong}";
        if (_nameField >= 0 && fields.Kind(_nameField) != FieldKind.String)
            return $"field '{Fields[_nameField]}' names the measure, and is {Kind(fields[_nameField])}";

        points.Begin(table, index, _nameField >= 0 ? fields.Text(_nameField) : _measureName, multiMeasure: _nameField < 0, time, arrivalNs: arrivalNs);
        var problem = Dimensions(fields, points) ?? Measures(fields, table, points);
        if (problem is null) points.End();
        else points.Abandon();
        return problem;
    }

    private string? Dimensions(Fields fields, PointBatch points)
    {
        for (var i = 0; i < _at.Dimensions.Length; i++)
        {
            switch (fields.Kind(i))
            {
                case FieldKind.Missing or FieldKind.Null:
                    break;
                case FieldKind.Object or FieldKind.Array:
                    return $"field '{Fields[i]}' is a dimension, and is {Kind(fields[i])}";
                default:
                    points.Dimension(_at.Dimensions[i], fields.Text(i));
                    break;
            }
        }

        return null;
    }

    private string? Measures(Fields fields, ISeriesTable table, PointBatch points)
    {
        if (_valueField >= 0) return Measure(PointBatch.SingleMeasure, fields[_valueField], fields.Text(_valueField), Fields[_valueField], points);
        return _allFields ? AllMeasures(fields, table, points) : NamedMeasures(fields, points);
    }

    private string? NamedMeasures(Fields fields, PointBatch points)
    {
        var measured = 0;
        for (var i = 0; i < _measureFields.Length; i++)
        {
            var field = _measureFields[i];
            if (fields.Kind(field) is FieldKind.Missing or FieldKind.Null) continue;
            if (Measure(_at.Measures[i], fields[field], fields.Text(field), Fields[field], points) is { } wrong) return wrong;
            measured++;
        }

        return measured > 0 ? null : $"none of the measures is there: {string.Join(", ", _measureFields.Select(field => Fields[field]))}";
    }

    private static string? AllMeasures(Fields fields, ISeriesTable table, PointBatch points)
    {
        var measured = 0;
        foreach (var member in fields.Members)
        {
            if (member.Field >= 0 || member.Value.Kind == FieldKind.Null) continue;
            if (Measure(table.MeasureColumn(member.Name), member.Value, member.Text, member.Name, points) is { } wrong) return wrong;
            measured++;
        }

        return measured > 0 ? null : "there is no field left that could be a measure";
    }

    private static string? Measure(int column, Field value, ReadOnlySpan<byte> text, string name, PointBatch points) =>
        TryMeasure(column, value, text, points) ? null : Wrong(name, value);

    private static string? Measure(int column, Field value, ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, PointBatch points) =>
        TryMeasure(column, value, text, points) ? null : Wrong(FieldTime.Shown(name), value);

    private static bool TryMeasure(int column, Field value, ReadOnlySpan<byte> text, PointBatch points)
    {
        switch (value.Kind)
        {
            case FieldKind.Number when value.TryGetDouble(out var number):
                points.Measure(column, number);
                return true;
            case FieldKind.String:
                points.Measure(column, text);
                return true;
            case FieldKind.True or FieldKind.False:
                points.Measure(column, value.Kind == FieldKind.True);
                return true;
            default:
                return false;
        }
    }

    private static string Wrong(string name, Field value) => value.Kind == FieldKind.Number
        ? $"field '{name}' is a measure, and {FieldTime.Shown(value.Raw)} is too large for a double"
        : $"field '{name}' is a measure, and is {Kind(value)}";

    private void Enter(ISeriesTable table)
    {
        _table = table;
        if (_columns.TryGetValue(table, out var columns))
        {
            _at = columns;
            return;
        }

        _at = new Columns(
            [.. _options.Dimensions.Select(table.DimensionColumn)],
            [.. _measureFields.Select(field => table.MeasureColumn(Encoding.UTF8.GetBytes(Fields[field])))]);
        _columns.Add(table, _at);
    }

    private static int FieldOf(List<string> fields, string name)
    {
        var at = fields.IndexOf(name);
        if (at >= 0) return at;
        fields.Add(name);
        return fields.Count - 1;
    }

    private static string Kind(Field field) => field.Kind switch
    {
        FieldKind.Missing => "missing",
        FieldKind.Null => "null",
        FieldKind.Object => "an object",
        FieldKind.Array => "an array",
        FieldKind.String => "a text",
        FieldKind.Number => "a number",
        _ => "true or false",
    };

    /// <summary>A table's numbers for the dimensions and the named measures.</summary>
    private sealed record Columns(int[] Dimensions, int[] Measures);
}
