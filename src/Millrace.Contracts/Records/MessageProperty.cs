namespace Millrace.Contracts.Records;

/// <summary>Ids of what <see cref="Record.Properties"/> holds: MQTT's own (section 2.2.2.2), and those that the log keeps behind them.</summary>
public static class MessageProperty
{
    public const byte PayloadFormat = 0x01;
    public const byte MessageExpiry = 0x02;
    public const byte ContentType = 0x03;
    public const byte ResponseTopic = 0x08;
    public const byte CorrelationData = 0x09;
    public const byte SubscriptionIdentifier = 0x0B;
    public const byte TopicAlias = 0x23;
    public const byte UserProperty = 0x26;

    /// <summary>Text: who published, as the gateway knew it. No subscriber gets it.</summary>
    public const byte Principal = 0x7C;

    /// <summary>Text: from which address. No subscriber gets it.</summary>
    public const byte SourceAddress = 0x7D;

    /// <summary>Bytes, behind all others: what a flow put into a stream was made from. No subscriber gets it.</summary>
    public const byte Origin = 0x7F;
}
