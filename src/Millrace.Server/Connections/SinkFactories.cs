using Millrace.Connectors.Http;
using Millrace.Connectors.Lanes;
using Millrace.Connectors.Redis;
using Millrace.Flows;
using Millrace.Flows.Options;

namespace Millrace.Server.Connections;

/// <summary>Every sink to another system, by the type of its options. Not listed here: does not exist.</summary>
internal static class SinkFactories
{
    public static Dictionary<Type, SinkFactory> All(HttpConfirmations confirmations, RedisPositions positions)
    {
        var memories = new LaneMemories();
        return new Dictionary<Type, SinkFactory>
        {
            [typeof(HttpSinkOptions)] = (options, place) => HttpSinks.Create((HttpSinkOptions)options, place, memories, confirmations),
            [typeof(RedisSinkOptions)] = (options, place) => RedisSinks.Create((RedisSinkOptions)options, place, positions),
            [typeof(KafkaSinkOptions)] = (options, place) => KafkaSinks.Create((KafkaSinkOptions)options, place, memories),
        };
    }
}
