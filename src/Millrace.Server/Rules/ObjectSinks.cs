using Millrace.Flows;
using Millrace.Flows.Options;
using Millrace.Storage.Objects;

namespace Millrace.Server.Rules;

/// <summary>Makes the sinks that write objects.</summary>
internal static class ObjectSinks
{
    public static SinkFactory To(ObjectStore store) => (options, place) =>
    {
        var sink = (ObjectSinkOptions)options;
        return new ObjectSink(store, place.Text(sink.Bucket), place.Text(sink.Key), place.Key);
    };
}
