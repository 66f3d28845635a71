using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Tables;

namespace Millrace.Testing.Flows;

/// <summary>A series store that keeps each point as a line of text, and refuses what a test tells it to.</summary>
public sealed class MemorySeries : ISeriesStore
{
    private readonly Dictionary<string, MemoryTable> _tables = [];

    /// <summary>Points as <c>table [name] dimension=value … | measure=value … @time</c>.</summary>
    public List<string> Written { get; } = [];

    public List<long> Reached { get; } = [];

    public int Shown { get; private set; }

    /// <summary>A database the store refuses.</summary>
    public string? RefusedDatabase { get; set; }

    public ISeriesTable Table(TableName name)
    {
        if (name.Database == RefusedDatabase) throw new FaultException(Fault.Refused, $"no database {name.Database}");
        if (!_tables.TryGetValue(name.ToString(), out var table)) _tables.Add(name.ToString(), table = new MemoryTable(name));
        return table;
    }

    public void Write(string flow, PointBatch points, Outcomes outcomes)
    {
        foreach (ref readonly var point in points.Points) Written.Add(Line(points, point));
    }

    public void Show() => Shown++;

    void ISeriesStore.Reached(string flow, Checkpoint checkpoint) => Reached.Add(checkpoint.Offset);

    public void Abandoned(string flow)
    {
    }

    public Checkpoint? CheckpointOf(string flow) => null;

    /// <summary>One point as text.</summary>
    public static string Line(PointBatch points, in PointHead point)
    {
        var table = (MemoryTable)point.Table;
        var text = new StringBuilder($"{table.Name} [{Encoding.UTF8.GetString(points.Text(point.NameAt, point.NameLength))}]");
        var fields = points.FieldsOf(point);
        for (var i = 0; i < fields.Length; i++)
        {
            if (i == point.Dimensions) text.Append(" |");
            var name = i < point.Dimensions ? table.Dimensions[fields[i].Column]
                : fields[i].Column == PointBatch.SingleMeasure ? "value" : table.Measures[fields[i].Column];
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $" {name}={Value(points, fields[i])}");
        }

        return text.Append(System.Globalization.CultureInfo.InvariantCulture, $" @{point.TimeNs}").ToString();
    }

    private static object Value(PointBatch points, PointField field) => field.Type switch
    {
        MeasureType.Double => BitConverter.Int64BitsToDouble(field.Bits),
        MeasureType.Boolean => field.Bits == 1,
        MeasureType.Varchar => $"'{Encoding.UTF8.GetString(points.Text(field.TextAt, field.TextLength))}'",
        _ => field.Bits,
    };

    private sealed class MemoryTable(TableName name) : ISeriesTable
    {
        public TableName Name { get; } = name;

        public List<string> Dimensions { get; } = [];

        public List<string> Measures { get; } = [];

        public int DimensionColumn(string name) => NumberOf(Dimensions, name);

        public int MeasureColumn(ReadOnlySpan<byte> name) => NumberOf(Measures, Encoding.UTF8.GetString(name));

        public MeasureType? TypeOf(int column) => null;

        private static int NumberOf(List<string> names, string name)
        {
            if (!names.Contains(name)) names.Add(name);
            return names.IndexOf(name);
        }
    }
}
