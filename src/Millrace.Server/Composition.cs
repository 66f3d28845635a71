using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.FileProviders;
using Millrace.Connectors.Http;
using Millrace.Connectors.Redis;
using Millrace.Connectors.S3;
using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Devices;
using Millrace.Devices.Certificates;
using Millrace.Flows;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Errors;
using Millrace.Flows.Live;
using Millrace.Flows.Metrics;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Flows.Sinks;
using Millrace.Flows.Windows;
using Millrace.Gateway;
using Millrace.Gateway.Http;
using Millrace.Server.Api;
using Millrace.Server.Cli;
using Millrace.Server.Connections;
using Millrace.Server.Listeners;
using Millrace.Server.Live;
using Millrace.Server.Pipeline;
using Millrace.Server.Queries;
using Millrace.Server.Reference;
using Millrace.Server.Rules;
using Millrace.Server.Streams;
using Millrace.Server.Tables;
using Millrace.Server.Writes;
using Millrace.Storage.Backup;
using Millrace.Storage.Documents;
using Millrace.Storage.Files;
using Millrace.Storage.Log;
using Millrace.Storage.Objects;
using Millrace.Storage.Series;

namespace Millrace.Server;

/// <summary>The whole server, put together in one place, in the order in which it starts. It ends in the opposite order.</summary>
internal sealed class Composition : IAsyncDisposable
{
    private const string IngressLog = "ingress";
    private const int MaxRequestBody = 1024 * 1024;

    /// <summary>They are read whole at every start.</summary>
    private static readonly LogRetention DeadLetterRetention = new(TimeSpan.FromDays(30), ByteSize.MiB(256));

    /// <summary>As long as the destination of windows may be away.</summary>
    private static readonly LogRetention RowRetention = new(TimeSpan.FromDays(7));

    private readonly ServerOptions _options;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly WebApplication _app;
    private readonly LogStore _logs;
    private readonly RecordLog _ingress;
    private readonly SeriesStore _series;
    private readonly DocumentStore _documents;
    private readonly Registry _registry;
    private readonly Broker _broker;
    private readonly FlowHost _flows;
    private readonly FleetHost _fleets;
    private readonly ConsumerStore _consumers;
    private readonly StreamHost _streams;
    private readonly ReferenceTables? _reference;
    private readonly RuleHost _rules;
    private readonly WriteLog _writes;
    private readonly TableHost _tables;
    private readonly LiveStats _stats;
    private readonly HttpConfirmations _confirmations;
    private readonly ListenerHost _listeners;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Teardown _teardown;

    /// <param name="options">Checked.</param>
    /// <param name="teardown">Takes each part as it starts, so that a later one that fails leaves none behind.</param>
    private Composition(ServerOptions options, Teardown teardown)
    {
        _options = options;
        _teardown = teardown;
        var builder = Builder();

        // Our disk: one process only, then the log with what it kept, then the tables as of their last manifest.
        var directory = teardown.Own(DataDirectory.Lock(options.Data));
        var disk = new FileDisk(directory.Path);
        BackupImage.RemoveAll(disk);
        var loggers = teardown.Own(LoggerFactory.Create(Logging));
        _logger = loggers.CreateLogger("Millrace");
        teardown.Tell(_logger);
        _logs = teardown.Own(LogStore.Open(disk, LogOptionsOf(options), _clock, loggers.CreateLogger("Millrace.Log")));
        _ingress = _logs.GetOrCreate(IngressLog, options.LogPartitions);
        var letters = _logs.GetOrCreate(DeadLetterLog.LogName, 1);
        letters.Keep(DeadLetterRetention);
        var deadLetters = new DeadLetterLog(letters);
        var ruleErrors = _logs.GetOrCreate(RuleErrorLog.LogName, 1);
        ruleErrors.Keep(DeadLetterRetention);
        var checkpoints = teardown.Own(CheckpointFile.Open(disk, "checkpoints"));
        var bucket = BucketOf(options);
        if (bucket is not null) teardown.Own(bucket);
        var around = new SeriesServices { Logger = loggers.CreateLogger("Millrace.Series"), Bucket = bucket, Logs = DirectoryId.Of(disk, LogStore.Root) };
        _series = teardown.Own(SeriesStore.Open(disk, directory.Path, options.Series with { Reference = options.Reference }, _clock, around));
        teardown.Before(MoveRowsAsync);
        _documents = teardown.Own(DocumentStore.Open(disk, _clock, loggers.CreateLogger("Millrace.Documents")));

        // Devices in and out: who they are, then what they say.
        var authority = AuthorityOf(directory.Path);
        _registry = new Registry(_documents, authority, _clock);
        var authenticator = new Authenticator(_registry, _clock);
        _broker = teardown.Own(new Broker(_ingress, _documents, authenticator, new BrokerOptions(), _clock, loggers.CreateLogger("Millrace.Gateway")));

        // What runs on the log.
        var live = new LiveFeed();
        var positions = new RedisPositions(_documents);
        _confirmations = new HttpConfirmations(_documents, () => $"http://{Reachable(Started.Http)}{DestinationsApi.ConfirmPath}", _clock);
        var windows = new WindowServices { Rows = RowsOf, Store = new WindowFiles(disk, loggers.CreateLogger("Millrace.Windows")), Logger = loggers.CreateLogger("Millrace.Windows") };
        _reference = options.Reference is null ? null : new ReferenceTables(new ReferenceDirectory(options.Reference), _clock, loggers.CreateLogger("Millrace.Reference"));
        var objects = new ObjectStore(disk);
        var collections = new CollectionSet();
        var metrics = new RuleMetrics();
        var origins = new StreamOrigins(_documents);
        var lakes = teardown.Own(new LakeSinks(disk, _clock));
        var catalog = new Catalog
        {
            Origins = origins,
            Ingress = _ingress,
            Stream = name => (References.IsOwnLog(name) ? null : _logs.Find(name))
                ?? throw new FaultException(Fault.Refused, $"the stream {name} is not declared under streams"),
            Series = _series,
            Lake = lakes.Create,
            Publisher = _broker,
            Live = live,
            Clock = _clock,
            Windows = windows,
            Reference = _reference,
            Lookups = new ServerLookups(_documents, objects, options.Secrets, _clock),
            Sinks = SinkFactories.All(_confirmations, positions, objects, _documents, collections, metrics, loggers),
        };
        var services = new FlowServices(new FlowRunnerOptions(), new ForgettingCheckpoints(checkpoints, positions, origins), deadLetters, _clock, Random.Shared, loggers)
        {
            RuleErrors = new RuleErrorLog(ruleErrors),
            Windows = windows.Store,
        };
        _flows = teardown.Own(new FlowHost(services));
        _fleets = new FleetHost(_clock, loggers);
        _tables = new TableHost(_series, new TableDocuments(_documents, _clock));
        _consumers = new ConsumerStore(_documents, _clock);
        _streams = new StreamHost(_logs, _documents, _consumers, _clock, loggers.CreateLogger("Millrace.Streams"));
        Pipeline = new PipelineHost(disk, catalog, _flows, _fleets, _series, _tables, _streams, collections) { RecordPublisher = asked => _broker.RecordPublisher = asked };
        _tables.Flows = () => Pipeline.Flows;
        _rules = new RuleHost(new RuleStore(_documents, _clock), Pipeline, _logger);

        _writes = teardown.Own(new WriteLog(_logs.GetOrCreate(WriteLog.LogName, 1), _series, _clock, loggers.CreateLogger("Millrace.Writes"))
        {
            Trouble = () => _logs.Health.Message ?? _series.Health.Message,
        });

        // Those who ask.
        var ledger = new Ledger(_broker.Counters, _ingress, _flows, windows.Registry);
        _stats = teardown.Own(new LiveStats(live, ledger, _clock));
        var queries = new QueryService(_series, () => _writes.IsCaughtUp && _flows.Statuses.All(static flow => !flow.Replaying || flow.Sink is not ("series" or "timestream")));

        // The doors, which open last.
        var certificates = new ServerCertificates(names => authority.Value.IssueServer(names), _clock, loggers.CreateLogger("Millrace.Listeners"));
        _listeners = new ListenerHost(options, _broker, teardown.Own(certificates));
        builder.Services.AddSingleton(_listeners);
        _app = teardown.Own(builder.Build());
        teardown.Before(async () => await _app.StopAsync());
        teardown.Own(_listeners);
        teardown.Own(_fleets);
        Routes(ledger, deadLetters, queries, metrics, collections, windows.Registry);
        _app.MapBackup(directory.Path, () => BackupImage.TakeAsync(disk, _logs), _clock, _stopping.Token);
    }

    public PipelineHost Pipeline { get; }

    /// <summary>Where it listens.</summary>
    public ServerStarted Started { get; private set; } = new([], new IPEndPoint(IPAddress.None, 0));

    /// <summary>Starts everything; the listeners last.</summary>
    /// <exception cref="FaultException">The data directory is in use, or corrupt, or an address is.</exception>
    public static async Task<Composition> StartAsync(ServerOptions options, PipelineSource? pipeline)
    {
        var teardown = new Teardown();
        try
        {
            var server = new Composition(options, teardown);
            await server.Pipeline.StartAsync(pipeline, server._rules.Restore);
            server._writes.Start();
            await server.ListenAsync();
            return server;
        }
        catch
        {
            await teardown.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _teardown.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Logging(builder.Logging.ClearProviders());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
            kestrel.ApplicationServices.GetRequiredService<ListenerHost>().Listen(kestrel);
        });
        builder.WebHost.UseSockets(static sockets =>
        {
            // Sends and receives end on the thread that did them: two hops a message less, and nothing in a session waits.
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = true;
        });
        builder.Services.AddSingleton<IConnectionListenerFactory, ConsoleTransport>();
        builder.Services.ConfigureHttpJsonOptions(static json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, Answers.Default);
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        builder.Services.AddOpenApi("v1");
        return builder;
    }

    private static void Logging(ILoggingBuilder logging)
    {
        // What the host says of its start and its end is said by us, in one line.
        logging.AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)

            // For each request it would begin an activity, which nobody looks at.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddSimpleConsole(static line =>
        {
            line.SingleLine = true;
            line.UseUtcTimestamp = true;
            line.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
    }

    /// <summary>Our own authority is opened, and made, at its first use.</summary>
    private Lazy<CertificateAuthority> AuthorityOf(string data)
    {
        var authority = new Lazy<CertificateAuthority>(() => CertificateAuthority.Open(Path.Combine(data, "ca"), _clock));
        _teardown.Before(() =>
        {
            if (authority.IsValueCreated) authority.Value.Dispose();
            return default;
        });
        return authority;
    }

    /// <summary>A flow with windows has a log of its own, which no pipeline file can name: names of streams have no dot.</summary>
    private RecordLog RowsOf(string flow)
    {
        var log = _logs.GetOrCreate(LaneNames.OfRows(flow), 1);
        log.Keep(RowRetention);
        return log;
    }

    private static LogOptions LogOptionsOf(ServerOptions options) =>
        new() { SegmentSize = options.LogSegmentSize, MaxAge = options.LogMaxAge, MaxBytes = options.LogMaxBytes };

    private static S3Bucket? BucketOf(ServerOptions options) =>
        options.SeriesRemote is { } remote && S3Address.TryParse(remote, options.SeriesRemoteEndpoint, options.SeriesRemoteRegion, out var address) is null
            ? new S3Bucket(address! with { Credentials = options.SeriesRemoteCredentials })
            : null;

    private void Routes(
        Ledger ledger, DeadLetterLog deadLetters, QueryService queries, RuleMetrics metrics, CollectionSet collections, WindowRegistry windows)
    {
        _app.UseErrorShape();
        DeviceRoutes.Use(_app);
        _app.UseLoopbackGuard();
        _app.UseWebSockets();
        _app.UseConsolePage();
        _app.MapTopics(_broker);
        _app.MapQuery(queries);
        _app.MapTables(_series);
        _app.MapDatabases(_tables);
        _app.MapWrite(_writes, _series);
        _app.MapLedger(ledger);
        _app.MapWindows(windows);
        _app.MapDeadLetters(deadLetters);
        _app.MapPipeline(Pipeline);
        _app.MapDestinations(_confirmations);
        _app.MapRules(_rules);
        _app.MapStreams(_streams, _consumers, Pipeline, _logs, _clock);
        _app.MapDocuments(_documents, collections);
        _app.MapCertificates(_registry.Certificates, CertificateListeners);
        _app.MapPolicies(_registry);
        _app.MapUsers(_registry.Users);
        _app.MapTokens(_registry.Tokens);
        _app.MapLive(_stats, new SeriesWatches(queries), _stopping.Token);
        _app.MapHealth(Problems, Warnings);
        _app.MapMetrics(ledger, _broker, _logs, _series, metrics, text => StreamMetrics.Write(text, _streams, _consumers, _logs, _clock));
        _app.MapOpenApi("/openapi/{documentName}.json");
    }

    private async Task ListenAsync()
    {
        try
        {
            await _app.StartAsync();
            _listeners.Start();
        }
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            throw new FaultException(Fault.Unavailable, $"cannot listen: {taken.Message} Choose another address for that listener.", taken);
        }

        var (devices, console) = _listeners.Bound(_app.Urls);
        Started = new ServerStarted(devices, console);
        _fleets.Connect(devices.FirstOrDefault(static one => one.TakesAnybody)?.Local);
    }

    /// <summary>Flows run before the doors open, and whoever is asked for something then could not answer.</summary>
    private static IPEndPoint Reachable(IPEndPoint http) =>
        http.Port > 0 ? http : throw new FaultException(Fault.Unavailable, "the server is starting; destinations are asked for their confirmation in a moment");

    /// <summary>Where a client on this machine can show a certificate.</summary>
    private IReadOnlyList<string> CertificateListeners() =>
        [.. from bound in Started.Devices
            where bound.Declared.Options.Credentials.HasFlag(CredentialKinds.Certificate)
            select (bound with { Address = bound.Local }).Url];

    /// <summary>So that the next start has nothing to replay. Where it fails, the next start replays.</summary>
    private async ValueTask MoveRowsAsync()
    {
        try
        {
            await _series.MoveAsync(CancellationToken.None);
        }
        catch (FaultException left)
        {
            _logger.LogWarning("Rows in memory were not moved to files and will be replayed from the log: {Reason}", left.Message);
        }
    }

    /// <summary>What somebody should look at, while all messages are taken.</summary>
    private List<string> Warnings() => [.. _series.Warnings];

    /// <summary>What keeps messages from being acknowledged, or flows from running.</summary>
    private List<string> Problems()
    {
        var problems = new List<string>();
        if (_logs.Health.Message is { } log) problems.Add(log);
        if (_documents.Health.Message is { } documents) problems.Add(documents);
        if (_broker.Problem is { } gateway) problems.Add(gateway);
        if (_series.Health.Message is { } series) problems.Add(series);
        if (_writes.Problem is { } writes) problems.Add(writes);
        problems.AddRange(_reference?.Problems ?? []);
        problems.AddRange(_flows.Statuses.Where(static flow => flow.State == FlowState.Failed).Select(static flow => $"flow {flow.Name} has failed: {flow.Error}"));
        problems.AddRange(_streams.Problems);
        problems.AddRange(StreamMetrics.Damages(_logs).Where(static damage => !damage.Skipped).Select(static damage => damage.Message));
        problems.AddRange(_rules.HeldBack.Select(static rule => $"rule {rule.Key} does not run: {rule.Value}"));
        return problems;
    }
}
