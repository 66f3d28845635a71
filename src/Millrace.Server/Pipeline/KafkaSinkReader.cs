using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>The <c>kafka:</c> of a flow's destinations.</summary>
internal static class KafkaSinkReader
{
    public static KafkaSinkOptions Read(Section section)
    {
        // On AWS it names the network that the brokers are reached by; here it is the server's own.
        section.Has("destinationArn");
        return new KafkaSinkOptions
        {
            Topic = section.Needed("topic", "cars"),
            Key = section.Text("key"),
            Partition = section.Text("partition"),
            Headers = HeaderReader.Read(section, mayBeSecret: false),
            ClientProperties = [.. section.Texts("clientProperties")],
        };
    }
}
