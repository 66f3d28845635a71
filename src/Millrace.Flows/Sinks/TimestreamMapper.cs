using System.Buffers;
using System.Text;
using Millrace.Contracts.Records;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;
using Millrace.Sql.Payload;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>A point of one measure for each attribute of a record, as AWS's Timestream action makes them; attributes that are null make none.</summary>
/// <param name="options">Checked.</param>
/// <param name="dimensions">The templates of their values, in the options' order.</param>
/// <param name="time">Null: the arrival of the message.</param>
/// <param name="context">Of this sink.</param>
internal sealed class TimestreamMapper(TimestreamSinkOptions options, Template[] dimensions, Template? time, RuleContext context) : IPointMapper
{
    private readonly FieldReader _reader = new([], keepMembers: true);
    private readonly ArrayBufferWriter<byte> _values = new(256);
    private readonly int[] _ends = new int[dimensions.Length];
    private readonly RenderBuffer _time = new();
    private readonly Dictionary<ISeriesTable, int[]> _columns = [];
    private byte[] _compact = [];

    public bool MakesSeveral => true;

    public string? Map(RecordBatch batch, int index, ISeriesTable table, PointBatch points)
    {
        var record = batch[index];
        var origin = batch.Origin[batch.OriginOf(index)];
        if (!_reader.TryRead(record.Payload, out var fields)) return _reader.Error.ToString();
        if (Render(origin) is { } missing) return missing;
        var timeNs = record.ArrivalNs;
        if (time is not null && TimeOf(origin, out timeNs) is { } wrong) return wrong;

        // Before the first point is made: a record is written whole or not at all.
        foreach (var member in fields.Members)
            if (member.Value.Kind == FieldKind.Number && !member.Value.TryGetDouble(out _))
                return $"field '{Steps.FieldTime.Shown(member.Name)}' is a measure, and {Steps.FieldTime.Shown(member.Value.Raw)} is too large for a double";

        var columns = ColumnsOf(table);
        var made = 0;
        foreach (var member in fields.Members)
        {
            if (member.Value.Kind == FieldKind.Null) continue;
            points.Begin(table, index, member.Name, multiMeasure: false, timeNs, arrivalNs: record.ArrivalNs);
            for (var i = 0; i < columns.Length; i++) points.Dimension(columns[i], _values.WrittenSpan[(i == 0 ? 0 : _ends[i - 1]).._ends[i]]);
            Measure(member, points);
            points.End();
            made++;
        }

        return made > 0 ? null : "the record has no attribute that could be a measure";
    }

    private string? Render(in Record origin)
    {
        _values.ResetWrittenCount();
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (!dimensions[i].TryRender(origin, context, _values)) return $"the dimension {options.Dimensions[i].Name}: {context.Reason}";
            _ends[i] = _values.WrittenCount;
        }

        return null;
    }

    private string? TimeOf(in Record origin, out long timeNs)
    {
        timeNs = 0;
        if (!_time.TryRender(time!, origin, context, out var text, out var reason)) return $"the timestamp: {reason}";
        return TimeText.TryParseEpoch(text, options.Unit, out timeNs)
            ? null
            : $"the timestamp '{Steps.FieldTime.Shown(text)}' is not a number of {options.Unit.ToString().ToLowerInvariant()} from 1677 to 2262";
    }

    /// <summary>The type is the one that the JSON shows: a number with a point or an exponent is a double, any other a bigint.</summary>
    private void Measure(Member member, PointBatch points)
    {
        var value = member.Value;
        switch (value.Kind)
        {
            case FieldKind.True or FieldKind.False:
                points.Measure(PointBatch.SingleMeasure, value.Kind == FieldKind.True);
                break;
            case FieldKind.Number when !value.Raw.ContainsAny((byte)'.', (byte)'e', (byte)'E') && value.TryGetLong(out var whole):
                points.Measure(PointBatch.SingleMeasure, MeasureType.Bigint, whole);
                break;
            case FieldKind.Number when value.TryGetDouble(out var number):
                points.Measure(PointBatch.SingleMeasure, number);
                break;
            case FieldKind.Object or FieldKind.Array:
                if (_compact.Length < value.Raw.Length) _compact = new byte[value.Raw.Length * 2];
                points.Measure(PointBatch.SingleMeasure, _compact.AsSpan(0, JsonArray.Compact(value.Raw, _compact)));
                break;
            default:
                points.Measure(PointBatch.SingleMeasure, member.Text);
                break;
        }
    }

    private int[] ColumnsOf(ISeriesTable table)
    {
        if (_columns.TryGetValue(table, out var columns)) return columns;
        columns = [.. options.Dimensions.Select(dimension => table.DimensionColumn(dimension.Name))];
        _columns.Add(table, columns);
        return columns;
    }
}
