using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows;
using Millrace.Flows.Live;
using Millrace.Flows.Metrics;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Flows.Sinks;
using Millrace.Server.Pipeline;
using Millrace.Server.Rules;
using Millrace.Storage.Lake;
using Millrace.Storage.Objects;
using Millrace.Testing.Flows;
using Millrace.Testing.Storage;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Server.Rules;

/// <summary>A rule as AWS writes it, carried as a server carries it, with everything around it in memory.</summary>
internal sealed class RuleRig
{
    public const long ArrivalNs = 1_600_000_000_123_000_000;

    private static readonly PipelineFile Declared = Read("""
        streams: { alarms: {}, telemetry: {}, other: {} }
        collections:
          cars: { key: vin }
          trips: { key: vin, sortKey: start }
          few: { key: id, limit: 2 }
        """);

    private readonly ILoggerFactory _loggers;
    private readonly Catalog _catalog;

    public RuleRig()
    {
        Objects = new ObjectStore(Disk);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(new Lines(Logged)));
        var collections = new CollectionSet();
        collections.Declare(Declared.Collections);
        _catalog = new Catalog
        {
            Ingress = new MemoryLog(),
            Stream = name => Streams.TryGetValue(name, out var stream) ? stream : throw new FaultException(Fault.Refused, $"the stream {name} is not declared under streams"),
            Series = Series,
            Lake = (lake, place, _) => new LakeSink(
                Disk, new LakeOptions { Stream = lake.Stream, MaxBytes = lake.BufferSize, MaxAge = lake.BufferTime, Separator = lake.Separator }, place.Flow, place.Partition, TimeProvider.System),
            Publisher = Publisher,
            Live = new LiveFeed(),
            Clock = TimeProvider.System,
            Lookups = new ServerLookups(Documents, Objects, null, TimeProvider.System),
            Sinks = new Dictionary<Type, SinkFactory>
            {
                [typeof(ObjectSinkOptions)] = ObjectSinks.To(Objects),
                [typeof(DocumentSinkOptions)] = StoreSinks.Documents(Documents, collections.Find),
                [typeof(MetricSinkOptions)] = StoreSinks.Metrics(Metrics),
                [typeof(LogSinkOptions)] = StoreSinks.Log(_loggers),
            },
        };
    }

    public Dictionary<string, MemoryLog> Streams { get; } = new() { ["alarms"] = new("alarms"), ["telemetry"] = new("telemetry"), ["other"] = new("other") };

    public MemorySeries Series { get; } = new();

    public MemoryDisk Disk { get; } = new();

    public MemoryDocuments Documents { get; } = new();

    public ObjectStore Objects { get; }

    public RuleMetrics Metrics { get; } = new();

    public MemoryPublisher Publisher { get; } = new();

    public List<string> Logged { get; } = [];

    /// <summary>What was refused since the start, as <c>0 Refused: why</c>.</summary>
    public List<string> Refused { get; } = [];

    public List<int> Absorbed { get; } = [];

    /// <summary>Carries messages that were published to <c>dt/cars/VIN7/telemetry</c> by the client <c>car-7</c>, as one frame, through all of a rule's actions.</summary>
    public Task RunAsync(string rule, params string[] payloads) => RunFramesAsync(rule, [payloads]);

    /// <summary>As <see cref="RunAsync"/>, each frame an hour after the one before.</summary>
    public async Task RunFramesAsync(string rule, params string[][] frames)
    {
        var plan = _catalog.Plan(Flow(rule));
        var sinks = plan.Lanes.Select(static lane => lane.CreateSink(lane.KeyOf(0), 0)).ToArray();
        foreach (var sink in sinks) await sink.OpenAsync(default);
        var offset = 0L;
        for (var i = 0; i < frames.Length; i++)
        {
            await CarryAsync(plan, sinks, frames[i], offset, ArrivalNs + (i * 3_600_000_000_000));
            offset += frames[i].Length;
        }

        foreach (var sink in sinks) await sink.DisposeAsync();
    }

    /// <summary>A rule's document as a flow; a mistake fails the test.</summary>
    public static FlowOptions Flow(string rule)
    {
        Assert.True(RuleDocument.TryRead("it", Utf8(rule), Declared, out var flow, out _, out var problems), string.Join('\n', problems));
        return flow!;
    }

    /// <summary>What is wrong with a document, as <c>line:column where: what</c>.</summary>
    public static IReadOnlyList<string> Mistakes(string rule) =>
        RuleDocument.TryRead("it", Utf8(rule), Declared, out _, out _, out var problems) ? [] : [.. problems.Select(static problem => problem.ToString())];

    public static PipelineFile Read(string yaml)
    {
        Assert.True(PipelineReader.TryRead(Utf8(yaml), out var file, out var problems), string.Join('\n', problems));
        return file;
    }

    private async Task CarryAsync(FlowPlan plan, ISink[] sinks, string[] payloads, long offset, long arrivalNs)
    {
        using var batch = new RecordBatch();
        foreach (var payload in payloads)
            batch.Add(new Record { Topic = "dt/cars/VIN7/telemetry"u8, Key = "car-7"u8, Payload = Utf8(payload), Offset = offset + batch.Count, ArrivalNs = arrivalNs });
        using var output = new RecordBatch();
        output.ClearFor(batch);
        var outcomes = new Outcomes();
        plan.CreateSteps()[0].Apply(batch, output, outcomes);
        Note(outcomes);
        foreach (var sink in sinks)
        {
            outcomes.Clear();
            if (output.Count > 0) await sink.WriteAsync(output, new Checkpoint(offset, default), outcomes, default);
            Note(outcomes);
            await sink.CommitAsync(new Checkpoint(offset + payloads.Length, default), default);
        }
    }

    private void Note(Outcomes outcomes)
    {
        Refused.AddRange(outcomes.Refusals.Select(static refusal => $"{refusal.Index} {refusal.Fault}: {refusal.Reason}"));
        Absorbed.AddRange(outcomes.AbsorbedRecords);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private sealed class Lines(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
