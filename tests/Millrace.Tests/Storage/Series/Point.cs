using System.Text;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series;

/// <summary>A point as a test writes it. Values: double, long, string, bool, byte[] (text that may be no UTF-8), DateTime; a dictionary is multi-measure.</summary>
internal sealed record Point(string Measure, long TimeNs, object Value)
{
    public (string Name, string Value)[] Dimensions { get; init; } = [];

    public long Version { get; init; } = 1;

    public TableName Table { get; init; } = SeriesRig.Fleet;

    public void AddTo(PointBatch batch, SeriesStore store, int index)
    {
        var table = store.Table(Table);
        var values = Value as Dictionary<string, object>;
        batch.Begin(table, index, Encoding.UTF8.GetBytes(Measure), values is not null, TimeNs, Version);
        foreach (var (name, value) in Dimensions) batch.Dimension(table.DimensionColumn(name), Encoding.UTF8.GetBytes(value));
        if (values is null) Add(batch, PointBatch.SingleMeasure, Value);
        else
            foreach (var (name, value) in values) Add(batch, table.MeasureColumn(Encoding.UTF8.GetBytes(name)), value);
        batch.End();
    }

    private static void Add(PointBatch batch, int column, object value)
    {
        switch (value)
        {
            case double number: batch.Measure(column, number); break;
            case long integer: batch.Measure(column, MeasureType.Bigint, integer); break;
            case bool truth: batch.Measure(column, truth); break;
            case string text: batch.Measure(column, Encoding.UTF8.GetBytes(text)); break;
            case byte[] bytes: batch.Measure(column, bytes); break;
            case DateTime time: batch.Measure(column, MeasureType.Timestamp, (time - DateTime.UnixEpoch).Ticks * 100); break;
            default: throw new ArgumentException($"a value of {value.GetType()}");
        }
    }
}
