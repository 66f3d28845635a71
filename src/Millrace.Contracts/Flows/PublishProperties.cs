namespace Millrace.Contracts.Flows;

/// <summary>The properties that MQTT 5 gives an application message (section 3.3.2.3). What is null is not sent.</summary>
public sealed record PublishProperties
{
    /// <summary>True: the payload is UTF-8 text. False: it is bytes of no told form.</summary>
    public bool? IsUtf8 { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Where an answer is to be published: a topic without wildcards.</summary>
    public string? ResponseTopic { get; init; }

    public byte[]? CorrelationData { get; init; }

    /// <summary>A subscriber that could not be given the message for so long does not get it.</summary>
    public uint? ExpirySeconds { get; init; }

    /// <summary>In order; a name may come more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> User { get; init; } = [];
}
