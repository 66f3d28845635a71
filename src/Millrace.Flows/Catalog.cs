using System.Text;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Tables;
using Millrace.Flows.Live;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Flows.Sinks;
using Millrace.Flows.Steps;
using Millrace.Sql.Rules;

namespace Millrace.Flows;

/// <summary>Everything that can be plugged into a flow, by its options. Not listed here: does not exist.</summary>
public sealed record Catalog
{
    public required IRecordLog Ingress { get; init; }

    /// <summary>A named stream that was declared.</summary>
    public required Func<string, IRecordLog> Stream { get; init; }

    public required ISeriesStore Series { get; init; }

    /// <summary>A lake sink for a flow, a partition and a stream.</summary>
    public required Func<LakeSinkOptions, string, int, ISink> Lake { get; init; }

    public required IPublisher Publisher { get; init; }

    public required LiveFeed Live { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Compiles a flow whose options were checked.</summary>
    /// <exception cref="ArgumentException">Its SQL or a template does not compile.</exception>
    public FlowPlan Plan(FlowOptions flow)
    {
        var rule = RuleSql.TryCompile(flow.Sql, OptionsOf(flow), out var compiled, out var error) ? compiled : throw Invalid(flow, error);
        var source = SourceOf(flow.Source);
        var readsIngress = flow.Source is IngressSource;
        var name = readsIngress ? Encoding.UTF8.GetBytes(flow.Name) : [];
        IReadOnlyList<IStep> CreateSteps() => [new SqlStep(rule, new RuleContext(Clock), name), .. flow.Steps.Select(StepOf)];
        return new FlowPlan
        {
            Name = flow.Name,
            Source = source,
            ReadsIngress = readsIngress,
            CreateSteps = CreateSteps,
            CreateSink = (key, partition) => flow.Sinks[0] is LiveSinkOptions
                ? new LiveSink(Live, key, source.Partitions[partition], CreateSteps)
                : SinkOf(flow, key, partition),
            SinkKind = flow.Sinks[0].Kind,
            Target = flow.Sinks[0].Target,
            StartAtOldest = flow.Start == FlowStart.Oldest,
            Retry = flow.Retry,
        };
    }

    private static RuleSqlOptions OptionsOf(FlowOptions flow) => flow.SqlOptions with { Version = flow.Version };

    private IRecordLog SourceOf(SourceOptions source) => source switch
    {
        IngressSource => Ingress,
        StreamSource stream => Stream(stream.Name),
        _ => throw new ArgumentException($"no source of kind {source.Kind}", nameof(source)),
    };

    private static IStep StepOf(StepOptions step) => step switch
    {
        CorrectTimeOptions correct => new CorrectTimeStep(correct),
        SplitMeasuresOptions split => new SplitMeasuresStep(split),
        _ => throw new ArgumentException($"no step of kind {step.Kind}", nameof(step)),
    };

    private ISink SinkOf(FlowOptions flow, string key, int partition) => flow.Sinks[0] switch
    {
        SeriesSinkOptions series => new SeriesSink(Series, series, key, Compiled(flow, series.Table), new RuleContext(Clock)),
        LakeSinkOptions lake => Lake(lake, flow.Name, partition),
        StreamSinkOptions stream => new StreamSink(
            Stream(stream.Name), stream.Key is { } by ? Compiled(flow, by) : null, new RuleContext(Clock)),
        RepublishSinkOptions republish => new RepublishSink(Publisher, republish, Compiled(flow, republish.Topic), new RuleContext(Clock)),
        _ => throw new ArgumentException($"no sink of kind {flow.Sinks[0].Kind}", nameof(flow)),
    };

    private static Template Compiled(FlowOptions flow, string template) =>
        Template.TryCompile(template, out var compiled, out var error) ? compiled : throw Invalid(flow, error);

    private static ArgumentException Invalid(FlowOptions flow, SqlError error) =>
        new($"flow {flow.Name}: {error.Line}:{error.Column}: {error.Message}");
}
