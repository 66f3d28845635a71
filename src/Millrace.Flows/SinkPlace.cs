using Millrace.Contracts.Flows;
using Millrace.Flows.Options;
using Millrace.Flows.Sinks;
using Millrace.Sql.Rules;

namespace Millrace.Flows;

/// <summary>Where a sink stands: in which flow, behind which partition of its source; and what it may use there.</summary>
public sealed class SinkPlace
{
    private readonly FlowOptions _options;
    private readonly RuleSqlOptions _sql;

    internal SinkPlace(FlowOptions options, RuleSqlOptions sql, string lane, string key, int partition, TimeProvider clock)
    {
        _options = options;
        _sql = sql;
        Lane = lane;
        Key = key;
        Partition = partition;
        Clock = clock;
        Context = new RuleContext(clock);
    }

    /// <summary>The flow's name.</summary>
    public string Flow => _options.Name;

    /// <summary>Names the destination among those of all flows: <c>dtc-stop:series</c>, <c>dtc-stop:series2</c>.</summary>
    public string Lane { get; }

    /// <summary>Lane and partition, as the checkpoint is kept under: <c>dtc-stop:series/0</c>.</summary>
    public string Key { get; }

    /// <summary>Of the flow's source.</summary>
    public int Partition { get; }

    public TimeProvider Clock { get; }

    /// <summary>For what the sink evaluates itself: the sink's alone.</summary>
    public RuleContext Context { get; }

    /// <summary>A parameter with <c>${…}</c> in it, for the version and the look-ups of the flow.</summary>
    /// <param name="required">Whether each expression must have a text; else one that is Undefined or Null is the empty text.</param>
    /// <exception cref="ArgumentException">It does not compile, with line and column.</exception>
    public IRecordText Text(string template, bool required = true) => new RecordText(Template(template), Context, required);

    internal Template Template(string text) =>
        Sql.Rules.Template.TryCompile(text, _sql, out var compiled, out var error)
            ? compiled
            : throw new ArgumentException($"flow {Flow}: {error.Line}:{error.Column}: {error.Message}", nameof(text));
}
