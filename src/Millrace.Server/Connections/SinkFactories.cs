using Millrace.Connectors.Http;
using Millrace.Connectors.Lanes;
using Millrace.Connectors.Redis;
using Millrace.Contracts.Documents;
using Millrace.Flows;
using Millrace.Flows.Metrics;
using Millrace.Flows.Options;
using Millrace.Flows.Sinks;
using Millrace.Server.Rules;
using Millrace.Storage.Objects;

namespace Millrace.Server.Connections;

/// <summary>Every sink that other rooms make, by the type of its options. Not listed here: does not exist.</summary>
internal static class SinkFactories
{
    public static Dictionary<Type, SinkFactory> All(
        HttpConfirmations confirmations,
        RedisPositions positions,
        ObjectStore objects,
        IDocumentStore documents,
        CollectionSet collections,
        RuleMetrics metrics,
        ILoggerFactory loggers)
    {
        var memories = new LaneMemories();
        return new Dictionary<Type, SinkFactory>
        {
            [typeof(ObjectSinkOptions)] = ObjectSinks.To(objects),
            [typeof(DocumentSinkOptions)] = StoreSinks.Documents(documents, collections.Find),
            [typeof(MetricSinkOptions)] = StoreSinks.Metrics(metrics),
            [typeof(LogSinkOptions)] = StoreSinks.Log(loggers),
            [typeof(HttpSinkOptions)] = (options, place) => HttpSinks.Create((HttpSinkOptions)options, place, memories, confirmations),
            [typeof(RedisSinkOptions)] = (options, place) => RedisSinks.Create((RedisSinkOptions)options, place, positions),
            [typeof(KafkaSinkOptions)] = (options, place) => KafkaSinks.Create((KafkaSinkOptions)options, place, memories),
        };
    }
}
