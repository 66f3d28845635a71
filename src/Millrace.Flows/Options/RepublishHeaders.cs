using System.Buffers.Text;
using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>What a published message carries for subscribers that speak MQTT 5. All of it are templates; what is null is not sent.</summary>
public sealed record RepublishHeaders
{
    private const int MostUserProperties = 100;
    private const int LongestText = 1024;

    /// <summary>UNSPECIFIED_BYTES or UTF8_DATA.</summary>
    public string? PayloadFormatIndicator { get; init; }

    public string? ContentType { get; init; }

    public string? ResponseTopic { get; init; }

    /// <summary>Base64.</summary>
    public string? CorrelationData { get; init; }

    /// <summary>Gives seconds.</summary>
    public string? MessageExpiry { get; init; }

    public ValueList<RepublishProperty> UserProperties { get; init; } = [];

    public IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        if (Constant(PayloadFormatIndicator, "payloadFormatIndicator") is not (null or "UNSPECIFIED_BYTES" or "UTF8_DATA"))
            problems.Add(new("payloadFormatIndicator", "must be UNSPECIFIED_BYTES or UTF8_DATA"));
        Constant(ContentType, "contentType");
        if (Constant(ResponseTopic, "responseTopic") is { } topic && (topic.Length == 0 || topic.AsSpan().ContainsAny('+', '#', '\0')))
            problems.Add(new("responseTopic", "must be a topic without the wildcards + and #"));
        if (Constant(CorrelationData, "correlationData") is { } data && !Base64.IsValid(data)) problems.Add(new("correlationData", "must be Base64"));
        if (Constant(MessageExpiry, "messageExpiry") is { } expiry && !uint.TryParse(expiry, out _))
            problems.Add(new("messageExpiry", "must be a whole number of seconds"));
        if (UserProperties.Count > MostUserProperties) problems.Add(new("userProperties", $"must be at most {MostUserProperties}"));
        for (var i = 0; i < UserProperties.Count; i++)
        {
            Constant(UserProperties[i].Key, $"userProperties[{i}].key");
            Constant(UserProperties[i].Value, $"userProperties[{i}].value");
        }

        return problems;

        // Checked here where it is the same for each message; else where it is made.
        string? Constant(string? text, string where)
        {
            if (text is null) return null;
            if (text.Length > LongestText) problems.Add(new(where, $"must have at most {LongestText} characters"));
            Templates.Sample(text, where, problems);
            return text.Contains("${", StringComparison.Ordinal) ? null : text;
        }
    }
}
