using Millrace.Contracts;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows.Options;

/// <summary>One way through the pipeline: records of a source that a statement picks, what is done to them, and where they end.</summary>
public sealed record FlowOptions
{
    /// <summary>As many as a rule on AWS has actions.</summary>
    public const int MostSinks = 10;

    /// <summary>Names the flow's checkpoint, dead letters and page of the ledger; another name is another flow, which starts anew.</summary>
    public required string Name { get; init; }

    /// <summary>AWS IoT SQL. FROM is a topic filter, also where the source is a stream: its records keep their topics.</summary>
    public required string Sql { get; init; }

    public SourceOptions Source { get; init; } = new IngressSource();

    /// <summary>In order, between the statement and the sink.</summary>
    public ValueList<StepOptions> Steps { get; init; } = [];

    /// <summary>Where the records end: each at its own pace, one that is away holds no other.</summary>
    public required ValueList<SinkOptions> Sinks { get; init; }

    /// <summary>Gets one message for each message of which something failed for good; null: that becomes a dead letter.</summary>
    public SinkOptions? ErrorSink { get; init; }

    public SqlVersion Version { get; init; }

    /// <summary>Where rules that ran elsewhere differ: <c>sqlOptions:</c> of a pipeline file.</summary>
    public RuleSqlOptions SqlOptions { get; init; } = RuleSqlOptions.Default;

    /// <summary>A flow that is not enabled keeps its place and goes on there when it is.</summary>
    public bool Enabled { get; init; } = true;

    public string Description { get; init; } = "";

    /// <summary>Where a flow without a checkpoint begins.</summary>
    public FlowStart Start { get; init; } = FlowStart.Oldest;

    /// <summary>How windows are kept; null: as the defaults say, where the statement has GROUP BY.</summary>
    public WindowOptions? Window { get; init; }

    public RetryOptions Retry { get; init; } = new();

    /// <summary>Whether the statement or a template asks who published a message, which the gateway records only where that is so.</summary>
    public bool AsksForPublisher()
    {
        var sql = SqlOptions with { Version = Version, Lookups = CheckedLookups.Instance };
        return RuleSql.TryCompile(Sql, sql, out var rule, out _)
            && (rule.UsesPublisher || Sinks.Append(ErrorSink).Any(sink => sink is not null && Templates.UsePublisher(rule.TemplateOptions, sink)));
    }

    /// <summary>Line and column of a problem, where given, count within the text it names.</summary>
    public IEnumerable<Problem> Check()
    {
        CompiledRule? rule = null;
        var sql = SqlOptions with { Version = Version, Lookups = CheckedLookups.Instance };
        if (!Name.IsPlainName()) yield return new("name", PlainNames.Rule);
        if (string.IsNullOrWhiteSpace(Sql)) yield return new("sql", "is empty; SELECT * FROM '#' takes everything");
        else if (!RuleSql.TryCompile(Sql, sql with { Windows = new WindowSqlOptions() }, out rule, out var error)) yield return new("sql", error.Message, error.Line, error.Column);
        else if (rule.Filter.MatchesNothing && Source is not IngressSource)
            yield return new("sql", "has no FROM: only messages sent to the flow by name (Basic Ingest) reach it then, and a stream has none; add FROM '#' for all records");
        else if (Window is not null && rule.Windows is null) yield return new("window", "belongs to a statement with GROUP BY, and this one has none");
        foreach (var problem in Window?.Check() ?? []) yield return problem with { Where = $"window.{problem.Where}" };

        // Destinations of windows see their rows, and of the messages nothing.
        var templates = rule?.Windows is null ? rule?.TemplateOptions : sql;
        foreach (var problem in Source.Check()) yield return problem with { Where = $"from.{Source.Kind}.{problem.Where}" };
        for (var i = 0; i < Steps.Count; i++)
            foreach (var problem in Steps[i].Check()) yield return problem with { Where = $"steps[{i}].{Steps[i].Kind}.{problem.Where}" };
        for (var i = 0; i < Sinks.Count; i++)
            foreach (var problem in Templates.Check(templates, Sinks[i])) yield return problem with { Where = Sinks.Count == 1 ? $"to.{Sinks[i].Kind}.{problem.Where}" : $"to[{i}].{Sinks[i].Kind}.{problem.Where}" };
        var errors = rule is null ? null : rule.TemplateOptions with { ErrorAction = true };
        if (ErrorSink is not null)
            foreach (var problem in Templates.Check(errors, ErrorSink)) yield return problem with { Where = $"onError.{ErrorSink.Kind}.{problem.Where}" };
        foreach (var problem in Retry.Check()) yield return problem with { Where = $"retry.{problem.Where}" };
    }
}
