using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Contracts.Tables;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Makes each record a point, or several, of a time-series table.</summary>
/// <remarks>
/// The store moves points and checkpoint to its files together, so this sink starts where the store says and reports nothing as durable itself.
/// </remarks>
internal sealed class SeriesSink : ISink
{
    /// <summary>Tables that one flow may make by a template: names come from devices.</summary>
    private const int MaxTables = 10_000;

    private readonly ISeriesStore _store;
    private readonly string _flow;
    private readonly Template _table;
    private readonly RuleContext _context;
    private readonly IPointMapper _mapper;
    private readonly OutcomeFold _fold = new();
    private readonly Dictionary<int, int> _parts = [];
    private readonly PointBatch _points = new();
    private readonly RenderBuffer _name = new();
    private readonly Dictionary<string, ISeriesTable> _tables = new(StringComparer.Ordinal);

    // The table of every record, once it is known, where the name is no template.
    private ISeriesTable? _only;

    /// <param name="store">Keeps the points.</param>
    /// <param name="mapper">This sink's.</param>
    /// <param name="flow">What the store keeps the checkpoint under.</param>
    /// <param name="table"><c>database.table</c>.</param>
    /// <param name="context">This sink's.</param>
    public SeriesSink(ISeriesStore store, IPointMapper mapper, string flow, Template table, RuleContext context)
    {
        _store = store;
        _flow = flow;
        _table = table;
        _context = context;
        _mapper = mapper;
    }

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => new(_store.CheckpointOf(_flow));

    public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        _store.Reached(_flow, before);
        _points.Clear();
        for (var i = 0; i < batch.Count; i++)
        {
            string? wrong = null;
            var table = _only ?? TableOf(batch, i, out wrong);
            wrong ??= _mapper.Map(batch, i, table!, _points);
            if (wrong is not null) outcomes.Refuse(i, Fault.Unreadable, wrong);
        }

        if (_mapper.MakesSeveral) WriteSeveral(outcomes);
        else _store.Write(_flow, _points, outcomes);
        return default;
    }

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        _store.Reached(_flow, reached);
        _store.Show();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _store.Abandoned(_flow);
        return default;
    }

    /// <summary>The store answers for each point, and the flow counts records.</summary>
    private void WriteSeveral(Outcomes outcomes)
    {
        _fold.Parts.Clear();
        _store.Write(_flow, _points, _fold.Parts);
        if (_fold.Parts.AbsorbedRecords.Count > 0)
        {
            _parts.Clear();
            foreach (ref readonly var point in _points.Points) _parts[point.Index] = _parts.GetValueOrDefault(point.Index) + 1;
        }

        _fold.Into(static record => record, record => _parts[record], outcomes);
    }

    private ISeriesTable? TableOf(RecordBatch batch, int index, out string? wrong)
    {
        wrong = null;
        if (!_name.TryRender(_table, batch.Origin[batch.OriginOf(index)], _context, out var utf8, out var reason))
        {
            wrong = $"the table's name: {reason}";
            return null;
        }

        Span<char> text = stackalloc char[512];
        if (utf8.Length > text.Length || !Encoding.UTF8.TryGetChars(utf8, text, out var length))
        {
            wrong = $"the table's name, {_table.Text}, becomes {utf8.Length} bytes long";
            return null;
        }

        var tables = _tables.GetAlternateLookup<ReadOnlySpan<char>>();
        if (tables.TryGetValue(text[..length], out var table)) return table;
        var named = new string(text[..length]);
        if (!TableName.TryParse(named, out var name))
            wrong = $"the table's name, {_table.Text}, becomes '{named}'; a name is database.table, of letters, digits, _ and -";
        else if (_tables.Count >= MaxTables)
            wrong = $"table {named} would be one more than the {MaxTables} that a flow may make";
        else
            table = Made(named, name, out wrong);
        if (_table.IsConstant) _only = table;
        return table;
    }

    /// <summary>A name the store cannot have comes from a device: that is one record's fault, and no reason to stop a flow.</summary>
    private ISeriesTable? Made(string named, TableName name, out string? wrong)
    {
        wrong = null;
        try
        {
            var table = _store.Table(name);
            _tables.Add(named, table);
            return table;
        }
        catch (FaultException refused) when (refused.Fault == Fault.Refused)
        {
            wrong = refused.Message;
            return null;
        }
    }
}
