using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>The <c>headers:</c> of a republished message.</summary>
internal static class RepublishHeadersReader
{
    public static RepublishHeaders Read(Section republish)
    {
        if (republish.Map("headers") is not { } section) return new RepublishHeaders();
        var headers = new RepublishHeaders
        {
            PayloadFormatIndicator = section.Text("payloadFormatIndicator"),
            ContentType = section.Text("contentType"),
            ResponseTopic = section.Text("responseTopic"),
            CorrelationData = section.Text("correlationData"),
            MessageExpiry = section.Text("messageExpiry"),
            UserProperties = [.. section.Sections("userProperties").Select(ReadProperty)],
        };
        section.End();
        return headers;
    }

    private static RepublishProperty ReadProperty(Section section)
    {
        var property = new RepublishProperty(section.Needed("key", "kind"), section.Needed("value", "alarm"));
        section.End();
        return property;
    }
}
