using Millrace.Contracts;

namespace Millrace.Gateway;

/// <summary>What the gateway takes from clients and keeps for them. Read once, at start.</summary>
public sealed record BrokerOptions
{
    /// <summary>Clients connected at once; the next is told that the server is busy.</summary>
    public int MaxConnections { get; init; } = 100_000;

    /// <summary>
    /// The largest packet in either direction. AWS IoT takes payloads of 128 KB; twice that lets everything through that works there, with topic and
    /// properties, and devices that come from brokers without such a limit.
    /// </summary>
    public ByteSize MaxPacketSize { get; init; } = ByteSize.KiB(256);

    /// <summary>The largest packet before a client has introduced itself: its CONNECT, with the will in it.</summary>
    public ByteSize MaxConnectPacketSize { get; init; } = ByteSize.KiB(16);

    /// <summary>A connection without a CONNECT is closed after this.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest keep-alive, and the one of MQTT 5 clients that ask for none. What 3.1.1 clients ask for is kept: they cannot be told.</summary>
    public TimeSpan MaxKeepAlive { get; init; } = TimeSpan.FromSeconds(1200);

    /// <summary>QoS 1 and 2 messages of one client that are not answered to the end. MQTT 5 clients are told; from others no more is read meanwhile.</summary>
    public int ReceiveMaximum { get; init; } = 1024;

    /// <summary>QoS 1 and 2 messages on their way to one client; its own Receive Maximum may lower it.</summary>
    public int MaxInFlight { get; init; } = 1024;

    /// <summary>
    /// Output of a client that reads slowly. Beyond it QoS 0 messages to it are dropped, and QoS 1 and 2 messages wait in the log until it has read.
    /// </summary>
    public ByteSize MaxOutbox { get; init; } = ByteSize.MiB(1);

    /// <summary>
    /// Messages that are listed for a session or a shared subscription, at eight bytes each. Beyond it nothing is lost: the log is searched for the rest when
    /// these have been delivered.
    /// </summary>
    public int MaxListedMessages { get; init; } = 16_384;

    /// <summary>Sessions that are kept without a connection; one more ends the one that was left first.</summary>
    public int MaxOfflineSessions { get; init; } = 100_000;

    /// <summary>The longest that a session is kept without a connection; also for clients of 3.1.1, which cannot say.</summary>
    public TimeSpan MaxSessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Topics that a client may give numbers to; 0: none.</summary>
    public int TopicAliasMaximum { get; init; } = 32;

    public int MaxRetainedMessages { get; init; } = 1_000_000;

    /// <summary>All retained messages together, with their topics.</summary>
    public ByteSize MaxRetainedBytes { get; init; } = ByteSize.MiB(256);

    public int MaxSubscriptionsPerClient { get; init; } = 1024;

    /// <summary>All filters of one client together: a session is one document, and that has a limit.</summary>
    public ByteSize MaxFilterBytesPerClient { get; init; } = ByteSize.KiB(64);

    /// <summary>AWS IoT allows 128; so that ids fit everywhere else too.</summary>
    public int MaxClientIdBytes { get; init; } = 128;

    /// <summary>The longest topic that can be published to. AWS IoT allows 256, MQTT 65,535.</summary>
    public int MaxTopicBytes { get; init; } = Mqtt.Topic.MaxBytes;

    /// <summary>After this an HTTP publish whose message is not safe yet is answered with 503.</summary>
    public TimeSpan HttpCommitTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the last bytes to a client may take before its connection is cut.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the topics below <c>$SYS/broker</c> are brought up to date; zero: there are none.</summary>
    public TimeSpan SysInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Every mistake at once.</summary>
    public IEnumerable<Problem> Check()
    {
        if (MaxConnections < 1) yield return new("mqtt.maxConnections", "must be at least 1");
        if (MaxPacketSize < ByteSize.KiB(1) || MaxPacketSize >= ByteSize.MiB(1))
            yield return new("mqtt.maxPacketSize", "must be at least 1KiB and below 1MiB: a retained message is one document");
        if (MaxConnectPacketSize < new ByteSize(256) || MaxConnectPacketSize > MaxPacketSize)
            yield return new("mqtt.maxConnectPacketSize", "must be from 256 to mqtt.maxPacketSize");
        if (ConnectTimeout <= TimeSpan.Zero) yield return new("mqtt.connectTimeout", "must be positive");
        if (MaxKeepAlive < TimeSpan.FromSeconds(1) || MaxKeepAlive > TimeSpan.FromSeconds(ushort.MaxValue))
            yield return new("mqtt.maxKeepAlive", "must be from 1 to 65535 seconds");
        if (ReceiveMaximum is < 1 or > ushort.MaxValue) yield return new("mqtt.receiveMaximum", "must be from 1 to 65535");
        if (MaxInFlight is < 1 or > 60_000) yield return new("mqtt.maxInFlight", "must be from 1 to 60000");
        if (MaxOutbox < MaxPacketSize) yield return new("mqtt.maxOutbox", "must be at least mqtt.maxPacketSize");
        if (MaxListedMessages < 1) yield return new("mqtt.maxListedMessages", "must be at least 1");
        if (MaxOfflineSessions < 1) yield return new("mqtt.maxOfflineSessions", "must be at least 1");
        if (MaxSessionExpiry < TimeSpan.FromSeconds(1) || MaxSessionExpiry > TimeSpan.FromDays(365 * 10))
            yield return new("mqtt.maxSessionExpiry", "must be from 1 second to ten years");
        if (TopicAliasMaximum is < 0 or > 1024) yield return new("mqtt.topicAliasMaximum", "must be from 0 to 1024");
        if (MaxRetainedMessages < 1) yield return new("mqtt.maxRetainedMessages", "must be at least 1");
        if (MaxRetainedBytes < MaxPacketSize) yield return new("mqtt.maxRetainedBytes", "must be at least mqtt.maxPacketSize");
        if (MaxSubscriptionsPerClient < 1) yield return new("mqtt.maxSubscriptionsPerClient", "must be at least 1");
        if (MaxFilterBytesPerClient < ByteSize.KiB(1) || MaxFilterBytesPerClient > ByteSize.KiB(64))
            yield return new("mqtt.maxFilterBytesPerClient", "must be from 1KiB to 64KiB");
        if (MaxClientIdBytes is < 23 or > Mqtt.Topic.MaxBytes) yield return new("mqtt.maxClientIdBytes", "must be from 23 to 65535");
        if (MaxTopicBytes is < 1 or > Mqtt.Topic.MaxBytes) yield return new("mqtt.maxTopicBytes", "must be from 1 to 65535");
        if (HttpCommitTimeout <= TimeSpan.Zero) yield return new("mqtt.httpCommitTimeout", "must be positive");
        if (CloseTimeout <= TimeSpan.Zero) yield return new("mqtt.closeTimeout", "must be positive");
        if (SysInterval != TimeSpan.Zero && (SysInterval < TimeSpan.FromSeconds(1) || SysInterval > TimeSpan.FromHours(1)))
            yield return new("mqtt.sysInterval", "must be 0 or from 1 second to 1 hour");
    }
}
