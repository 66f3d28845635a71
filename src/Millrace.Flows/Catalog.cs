using System.Text;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Contracts.Rules;
using Millrace.Contracts.Tables;
using Millrace.Flows.Enriching;
using Millrace.Flows.Live;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Flows.Sinks;
using Millrace.Flows.Steps;
using Millrace.Flows.Windows;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows;

/// <summary>Everything that can be plugged into a flow, by its options. Not listed here: does not exist.</summary>
public sealed record Catalog
{
    public required IRecordLog Ingress { get; init; }

    /// <summary>A named stream that was declared.</summary>
    public required Func<string, IRecordLog> Stream { get; init; }

    /// <summary>Marks what flows put into streams, so that it stands there once; null: a flow that carries something again puts it there again.</summary>
    public StreamOrigins? Origins { get; init; }

    public required ISeriesStore Series { get; init; }

    /// <summary>A lake sink for a flow, a partition and a stream.</summary>
    public required LakeFactory Lake { get; init; }

    public required IPublisher Publisher { get; init; }

    public required LiveFeed Live { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Sinks that other rooms make, by the type of their options.</summary>
    public IReadOnlyDictionary<Type, SinkFactory> Sinks { get; init; } = new Dictionary<Type, SinkFactory>();

    /// <summary>Files that enrich steps look in; null: there are none.</summary>
    public IReferenceTables? Reference { get; init; }

    /// <summary>For statements with GROUP BY; null: there can be none.</summary>
    public WindowServices? Windows { get; init; }

    /// <summary>Behind the functions of statements and templates that look outside; null: a flow that calls one is refused.</summary>
    public ILookups? Lookups { get; init; }

    /// <summary>Compiles a flow whose options were checked.</summary>
    /// <exception cref="ArgumentException">Its SQL or a template does not compile.</exception>
    public FlowPlan Plan(FlowOptions flow)
    {
        var sql = flow.SqlOptions with { Version = flow.Version, Rule = flow.Name, Lookups = Lookups, Windows = new WindowSqlOptions(flow.Window?.Time?.Field) };
        var rule = RuleSql.TryCompile(flow.Sql, sql, out var compiled, out var error) ? compiled : throw Invalid(flow, error);
        var source = SourceOf(flow.Source);
        var readsIngress = flow.Source is IngressSource;
        var name = readsIngress ? Encoding.UTF8.GetBytes(flow.Name) : [];
        var filter = new MessageFilter(rule.Filter, name);
        IReadOnlyList<IStep> StepsOf(MessageFilter? picks) => [new SqlStep(rule, new RuleContext(Clock), picks), .. (rule.Windows is null ? flow.Steps : []).Select(StepOf)];

        // What a step cannot have is found now, and not with the first message.
        _ = StepsOf(null);
        var lanes = rule.Windows is { } windows
            ? [WindowFlow.LaneOf(this, flow, windows, sql, source.Partitions.Count)]
            : flow.Sinks.Zip(LaneNames.Of(flow), (sink, lane) => LaneOf(sink, lane, flow.Sinks.Count == 1 ? flow.Name : lane, () => StepsOf(filter)));
        return new FlowPlan
        {
            Name = flow.Name,
            Source = source,
            ReadsIngress = readsIngress,
            Filter = filter,
            CreateSteps = () => StepsOf(null),
            Lanes = [.. lanes],
            Rows = rule.Windows is null ? null : Plan(WindowFlow.RowsOf(flow)),
            ErrorLane = flow.ErrorSink is { } errors ? LaneOf(errors, LaneNames.OfErrors(flow.Name), LaneNames.OfErrors(flow.Name), static () => [new RecallNothing()]) : null,
            HeldBy = Series.CheckpointOf,
            Enabled = flow.Enabled,
            StartAtOldest = flow.Start == FlowStart.Oldest,
            Retry = flow.Retry,
        };

        LanePlan LaneOf(SinkOptions sink, string lane, string shown, Func<IReadOnlyList<IStep>> recall) => new()
        {
            Name = lane,
            Shown = shown,
            CreateSink = (key, partition) => sink is LiveSinkOptions
                ? new LiveSink(Live, key, source.Partitions[partition], recall)
                : SinkOf(sink, new SinkPlace(flow, rule.TemplateOptions, lane, key, partition, Clock)),
            Kind = sink.Kind,
            Target = sink.Target,
            ActionName = sink.ActionName,
            GivesUp = sink is not (SeriesSinkOptions or LakeSinkOptions),
        };
    }

    private IRecordLog SourceOf(SourceOptions source) => source switch
    {
        IngressSource => Ingress,
        StreamSource stream => Stream(stream.Name),
        WindowSource windows when Windows is not null => Windows.Rows(windows.Flow),
        _ => throw new ArgumentException($"no source of kind {source.Kind}", nameof(source)),
    };

    private IStep StepOf(StepOptions step) => step switch
    {
        CorrectTimeOptions correct => new CorrectTimeStep(correct),
        SplitMeasuresOptions split => new SplitMeasuresStep(split),
        EnrichOptions enrich => new EnrichStep(
            enrich, EnrichLookups.Of(enrich.From, Reference, Lookups), enrich.IsTemplate ? Compiled(enrich.With) : null, new RuleContext(Clock)),
        _ => throw new ArgumentException($"no step of kind {step.Kind}", nameof(step)),
    };

    private ISink SinkOf(SinkOptions sink, SinkPlace place) => sink switch
    {
        SeriesSinkOptions series => new SeriesSink(Series, new PointMapper(series), place.Key, place.Template(series.Table), place.Context),
        TimestreamSinkOptions timestream => StoreSinks.Timestream(Series, timestream, place),
        LakeSinkOptions lake => StoreSinks.Lake(Lake, lake, place),
        StreamSinkOptions stream => StoreSinks.Stream(Stream, Origins, stream, place),
        RepublishSinkOptions republish => new RepublishSink(
            Publisher, republish, place.Template(republish.Published), HeaderTemplates.Of(republish.Headers, place.Template), place.Context),
        _ when Sinks.TryGetValue(sink.GetType(), out var create) => create(sink, place),
        _ => throw new ArgumentException($"no sink of kind {sink.Kind}", nameof(sink)),
    };

    private Template Compiled(string template) =>
        Template.TryCompile(template, RuleSqlOptions.Default with { Lookups = Lookups }, out var compiled, out var error)
            ? compiled
            : throw new ArgumentException($"{template}: {error.Line}:{error.Column}: {error.Message}", nameof(template));

    private static ArgumentException Invalid(FlowOptions flow, SqlError error) =>
        new($"flow {flow.Name}: {error.Line}:{error.Column}: {error.Message}");

    /// <summary>What failed before the start is not shown as if it had failed now.</summary>
    private sealed class RecallNothing : IStep
    {
        public void Apply(RecordBatch source, RecordBatch target, Outcomes outcomes)
        {
        }
    }
}
