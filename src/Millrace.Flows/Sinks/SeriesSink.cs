using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Sinks;

/// <summary>Makes each record a point of a time-series table.</summary>
/// <remarks>
/// The store moves points and checkpoint to its files together, so this sink starts where the store says and reports nothing as durable itself.
/// </remarks>
internal sealed class SeriesSink : ISink
{
    /// <summary>Tables that one flow may make by a template: names come from devices.</summary>
    private const int MaxTables = 10_000;

    private readonly ISeriesStore _store;
    private readonly SeriesSinkOptions _options;
    private readonly string _flow;
    private readonly Template _table;
    private readonly RuleContext _context;
    private readonly PointMapper _mapper;
    private readonly PointBatch _points = new();
    private readonly RenderBuffer _name = new();
    private readonly Dictionary<string, ISeriesTable> _tables = new(StringComparer.Ordinal);

    public SeriesSink(ISeriesStore store, SeriesSinkOptions options, string flow, Template table, RuleContext context)
    {
        _store = store;
        _options = options;
        _flow = flow;
        _table = table;
        _context = context;
        _mapper = new PointMapper(options);
    }

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => new(_store.CheckpointOf(_flow));

    public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        _store.Reached(_flow, before);
        _points.Clear();
        for (var i = 0; i < batch.Count; i++)
        {
            var table = TableOf(batch, i, out var wrong);
            wrong ??= _mapper.Map(batch[i], i, table!, _points);
            if (wrong is not null) outcomes.Refuse(i, Fault.Unreadable, wrong);
        }

        _store.Write(_flow, _points, outcomes);
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
            wrong = $"the table's name, {_options.Table}, becomes {utf8.Length} bytes long";
            return null;
        }

        var tables = _tables.GetAlternateLookup<ReadOnlySpan<char>>();
        if (tables.TryGetValue(text[..length], out var table)) return table;
        var named = new string(text[..length]);
        if (!TableName.TryParse(named, out var name))
            wrong = $"the table's name, {_options.Table}, becomes '{named}'; a name is database.table, of letters, digits, _ and -";
        else if (_tables.Count >= MaxTables)
            wrong = $"table {named} would be one more than the {MaxTables} that a flow may make";
        else
            table = Made(named, name, out wrong);
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
