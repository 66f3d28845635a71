using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Tables;
using Millrace.Flows.Metrics;
using Millrace.Flows.Options;
using Millrace.Flows.Windows;

namespace Millrace.Flows.Sinks;

/// <summary>Makes the sinks of this room that take more than a constructor.</summary>
public static class StoreSinks
{
    /// <summary>Files of the lake that one action may gather at the same time: each takes memory.</summary>
    private const int MostLakes = 100;

    /// <summary>More would not fit into a folder's name.</summary>
    private const int LongestValue = 255;

    private const char BetweenValues = '\u001f';

    /// <summary>As many as a pipeline may declare.</summary>
    private const int MostStreams = 1000;

    private static readonly Dictionary<string, string> NoValues = [];

    /// <summary>Documents of declared collections.</summary>
    /// <param name="store">Keeps them.</param>
    /// <param name="find">A declared collection; null where there is none of that name.</param>
    public static SinkFactory Documents(IDocumentStore store, Func<string, CollectionOptions?> find) => (options, place) =>
    {
        var documents = (DocumentSinkOptions)options;
        IDocumentMaker maker = documents.Item is { } item ? new ItemDocument(item, place.Template, place.Context) : new RecordDocument();
        return new DocumentSink(store, find, place.Template(documents.Collection), maker, place.Context);
    };

    /// <summary>Numbers for <c>/metrics</c>.</summary>
    public static SinkFactory Metrics(RuleMetrics metrics) =>
        (options, place) => new MetricSink(metrics, (MetricSinkOptions)options, place.Template, place.Context);

    /// <summary>Lines of the server's log.</summary>
    public static SinkFactory Log(ILoggerFactory loggers) => (options, place) =>
    {
        var log = (LogSinkOptions)options;
        var sink = new LogSink(loggers.CreateLogger($"Millrace.Rule.{place.Flow}"), log, place.Template(log.Group), place.Context);
        return log.Batch ? new ArraySink(sink, LogSinkOptions.MostInBatch) : sink;
    };

    internal static ISink Timestream(ISeriesStore store, TimestreamSinkOptions options, SinkPlace place)
    {
        var mapper = new TimestreamMapper(
            options, [.. options.Dimensions.Select(dimension => place.Template(dimension.Value))], options.Time is { } time ? place.Template(time) : null, place.Context);
        var sink = new SeriesSink(store, mapper, place.Key, place.Template(options.Table), place.Context);
        return options.Batch ? new ArraySink(sink, TimestreamSinkOptions.MostInBatch) : sink;
    }

    internal static ISink Lake(LakeFactory create, LakeSinkOptions options, SinkPlace place)
    {
        var name = place.Template(options.Stream);
        var keys = options.PartitionKeys;
        ISink Open(LakeSinkOptions lake, IReadOnlyDictionary<string, string> values) => create(lake, place, values);
        ISink sink;
        if (keys.Count > 0)
        {
            var values = place.Template(string.Join(BetweenValues, keys.Select(static key => key.Value)));
            sink = new RoutedSink(values, place.Context, "the lake partition", MostLakes, isDoneWhenWritten: false, text => Open(options, ValuesOf(keys, text)));
        }
        else
        {
            sink = name.IsConstant
                ? Open(options, NoValues)
                : new RoutedSink(name, place.Context, "the lake folder", MostLakes, isDoneWhenWritten: false, stream => Open(Named(options, stream), NoValues));
        }

        if (options.ErrorPrefix is { } errors) sink = new LakeErrorSink(sink, type => Open(OfErrors(options, ErrorPrefix.Of(errors, type)), NoValues));
        return options.BatchLimit is { } most ? new ArraySink(sink, most) : sink;
    }

    internal static ISink Stream(Func<string, IRecordLog> find, StreamOrigins? origins, StreamSinkOptions options, SinkPlace place)
    {
        var name = place.Template(options.Name);
        var rows = options.BatchLimit is null && LaneNames.FlowOfRows(place.Flow) is { } flow ? new RowMark(flow) : null;
        StreamSink Open(string stream) => new(
            find(stream), options.Key is { } key ? place.Template(key) : null, place.Context, rows, origins is null ? null : () => origins.OfAsync(place.Key));
        ISink sink = name.IsConstant ? Open(options.Name) : new RoutedSink(name, place.Context, "the stream", MostStreams, isDoneWhenWritten: true, Open);
        return options.BatchLimit is { } most ? new ArraySink(sink, most) : sink;
    }

    /// <summary>A stream of its own, so that queries do not find errors among the records.</summary>
    private static LakeSinkOptions OfErrors(LakeSinkOptions options, string prefix) =>
        options with { Stream = $"{options.Stream}-errors", Prefix = prefix, PartitionKeys = [], Format = LakeFormat.JsonLines, Columns = [], Separator = "\n", ErrorPrefix = null };

    private static Dictionary<string, string> ValuesOf(ValueList<LakePartitionKey> keys, string text)
    {
        var values = text.Split(BetweenValues);
        if (values.Length != keys.Count) throw new FaultException(Fault.Refused, "the value of a partition key has the character U+001F, which separates values here");
        if (values.FirstOrDefault(static value => value.Length > LongestValue) is { } tooLong)
            throw new FaultException(Fault.Refused, $"the value of a partition key has {tooLong.Length} characters; at most {LongestValue} are taken");
        return keys.Zip(values).ToDictionary(static pair => pair.First.Name, static pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>The name comes from a device: it is checked as one that a person wrote.</summary>
    private static LakeSinkOptions Named(LakeSinkOptions options, string stream) =>
        stream.IsPlainName() ? options with { Stream = stream } : throw new FaultException(Fault.Refused, $"the lake folder '{stream}' {PlainNames.Rule}");
}
