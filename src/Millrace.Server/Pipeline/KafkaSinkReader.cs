using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>The <c>kafka:</c> of a flow's destinations.</summary>
internal static class KafkaSinkReader
{
    public static KafkaSinkOptions Read(Section section) => new()
    {
        Topic = section.Needed("topic", "cars"),
        Key = section.Text("key"),
        Partition = section.Text("partition"),
        Headers = HeaderReader.Read(section, mayBeSecret: false),
        ClientProperties = [.. section.Texts("clientProperties")],
    };
}
