using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;
using Millrace.Storage.Log;

namespace Millrace.Server.Streams;

/// <summary>All streams: those of the pipeline file, and those that come, change and go while the server runs.</summary>
/// <remarks>
/// What the pipeline file declares is changed there and not here. A stream that is no longer in the file stays, with its records and as it was declared last,
/// and is changed here from then on. Any thread may call; calls that change something must not overlap (<see cref="PipelineHost"/> sees to that).
/// </remarks>
internal sealed partial class StreamHost(LogStore logs, IDocumentStore documents, ConsumerStore consumers, TimeProvider clock, ILogger logger)
{
    public const int MostStreams = 1000;

    private const string Collection = "streams";

    /// <summary>Begins what is said of a change that was not safe in time.</summary>
    internal const string Late = "it counts from now on, and";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StreamView> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>Streams of an earlier life that cannot be opened, and why.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (_gate) return [.. _problems.Values];
        }
    }

    /// <summary>Opens the streams of an earlier life. One that cannot be opened keeps none of the others away.</summary>
    public void Restore()
    {
        foreach (var (name, bytes) in documents.List(Collection))
        {
            try
            {
                var stored = JsonSerializer.Deserialize(bytes, StreamJson.Default.StoredStream) ?? throw new JsonException("it is null");
                Open(stored.ToOptions(name), isOfPipeline: false);
            }
            catch (Exception wrong) when (wrong is FaultException or JsonException)
            {
                lock (_gate) _problems[name] = $"stream {name} is not open: {wrong.Message}";
                LogNotOpen(logger, name, wrong.Message);
            }
        }
    }

    public IReadOnlyList<StreamView> List()
    {
        lock (_gate) return [.. _streams.Values];
    }

    public StreamView? Find(string name)
    {
        lock (_gate) return _streams.GetValueOrDefault(name);
    }

    /// <exception cref="FaultException">Refused: there is none of this name.</exception>
    public StreamView Get(string name) => Find(name) ?? throw new FaultException(Fault.Refused, $"there is no stream {name}");

    /// <summary>Makes the streams what a pipeline file says; those it does not name stay as they are.</summary>
    /// <exception cref="FaultException">Refused: one exists with another number of partitions.</exception>
    public void Declare(IReadOnlyList<StreamOptions> ofFile)
    {
        foreach (var stream in ofFile)
        {
            var known = Find(stream.Name)?.Options;
            Open(stream, isOfPipeline: true);
            if (known != stream) documents.Write([Document(stream)], null);
        }

        lock (_gate)
        {
            foreach (var view in _streams.Values.Where(static view => view.IsOfPipeline).ToArray())
                if (ofFile.All(stream => stream.Name != view.Options.Name)) _streams[view.Options.Name] = view with { IsOfPipeline = false };
        }
    }

    /// <summary>Makes a stream; safe when the task ends.</summary>
    /// <exception cref="FaultException">Refused: there is one of that name, or it cannot be as asked.</exception>
    public async Task<StreamView> CreateAsync(StreamOptions stream)
    {
        if (new StreamSource(stream.Name).Check().FirstOrDefault() is { } wrong) throw new FaultException(Fault.Refused, $"the name {wrong.What}");
        if (References.IsOwnLog(stream.Name)) throw new FaultException(Fault.Refused, $"{stream.Name} is a log of the server's own; take another name");
        if (Find(stream.Name) is not null) throw new FaultException(Fault.Refused, $"there is a stream {stream.Name} already; change it with millrace stream alter {stream.Name}");
        if (List().Count >= MostStreams) throw new FaultException(Fault.Refused, $"there are {MostStreams} streams, which is as many as there may be");
        Refuse(stream);
        var view = Open(stream, isOfPipeline: false);
        await documents.SafelyAsync(clock, Late, Document(stream));
        return view;
    }

    /// <summary>Changes how long records are kept and how large they may be; safe when the task ends.</summary>
    /// <param name="name">Of the stream.</param>
    /// <param name="change">From what it is to what it is to be.</param>
    /// <exception cref="FaultException">Refused: there is no such stream, the pipeline file says how it is, or it cannot be as asked.</exception>
    public async Task<StreamView> AlterAsync(string name, Func<StreamOptions, StreamOptions> change)
    {
        var before = GetOwn(name);
        var after = change(before.Options);
        Refuse(after);
        if (after.Partitions != before.Options.Partitions)
        {
            throw new FaultException(
                Fault.Refused,
                $"stream {name} has {before.Options.Partitions} partitions and keeps them: make another with {after.Partitions}, and millrace stream replay {name} --from oldest --into it");
        }

        var view = Open(after, isOfPipeline: false);
        await documents.SafelyAsync(clock, Late, Document(after));
        return view;
    }

    /// <summary>Deletes a stream with its records and its consumers.</summary>
    /// <param name="name">Of the stream.</param>
    /// <param name="flows">All that run.</param>
    /// <param name="force">Also where one of them reads or writes it: that one stops working.</param>
    /// <exception cref="FaultException">Refused: there is no such stream, the pipeline file declares it, or a flow uses it.</exception>
    public async Task DeleteAsync(string name, IReadOnlyList<FlowOptions> flows, bool force)
    {
        GetOwn(name);
        if (!force && flows.Where(flow => Uses(flow, name)).Select(static flow => flow.Name).ToArray() is { Length: > 0 } users)
            throw new FaultException(Fault.Refused, $"stream {name} is read or written by {string.Join(", ", users)}: remove that first, or force it");

        // First that it is known no more: were it the other way, a crash between would bring it back empty.
        await documents.SafelyAsync(clock, Late, [new DocumentChange(Collection, name, null), .. consumers.RemovalsOf(name)]);
        await logs.DeleteAsync(name);
        lock (_gate)
        {
            _streams.Remove(name);
            _problems.Remove(name);
        }
    }

    private static bool Uses(FlowOptions flow, string name) =>
        flow.Source is StreamSource source && source.Name == name || flow.Window?.Late == name
        || flow.Sinks.Append(flow.ErrorSink).OfType<StreamSinkOptions>().Any(sink => sink.Name == name);

    private static void Refuse(StreamOptions stream)
    {
        if (stream.Check().ToArray() is { Length: > 0 } problems)
            throw new FaultException(Fault.Refused, string.Join("; ", problems.Select(static problem => $"{problem.Where} {problem.What}")));
    }

    private static DocumentChange Document(StreamOptions stream) =>
        new(Collection, stream.Name, JsonSerializer.SerializeToUtf8Bytes(StoredStream.Of(stream), StreamJson.Default.StoredStream));

    private StreamView GetOwn(string name) => Get(name) is { IsOfPipeline: false } view
        ? view
        : throw new FaultException(Fault.Refused, $"stream {name} is declared in the pipeline file: change it there and apply the file");

    private StreamView Open(StreamOptions stream, bool isOfPipeline)
    {
        var log = logs.GetOrCreate(stream.Name, stream.Partitions, LogRouting.Md5);
        log.Keep(new LogRetention(stream.Retention, stream.MaxBytes));
        log.Limit(new LogLimits(stream.MaxRecordSize));
        var view = new StreamView(stream, isOfPipeline, log);
        lock (_gate)
        {
            _streams[stream.Name] = view;
            _problems.Remove(stream.Name);
        }

        return view;
    }

    [LoggerMessage(EventId = 430, Level = LogLevel.Error, Message = "Stream {Name} is not open: {Why}")]
    private static partial void LogNotOpen(ILogger logger, string name, string why);
}
