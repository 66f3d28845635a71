using Millrace.Contracts;
using Millrace.Contracts.Devices;

namespace Millrace.Gateway;

/// <summary>What holds for the clients of one listener. Read once, at start.</summary>
public sealed record ListenerOptions
{
    /// <summary>In the log and in metrics.</summary>
    public string Name { get; init; } = "mqtt";

    /// <summary>Any one of these lets a client in.</summary>
    public CredentialKinds Credentials { get; init; } = CredentialKinds.Anonymous;

    /// <summary>AWS IoT's rules in place of plain MQTT where they differ: no QoS 2, 128 KB, eight topic levels, retained messages to exact topics only, Basic Ingest.</summary>
    public bool IsAwsIot { get; init; }

    /// <summary>Clients connected at once through this listener; null: as many as the broker takes.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>New connections a second; more wait their turn, then are turned away. Null: no limit.</summary>
    public int? MaxConnectRate { get; init; }

    /// <summary>Messages that one client may publish in a second, on average; beyond it the client is read from more slowly. Null: no limit.</summary>
    public int? MaxPublishRate { get; init; }

    /// <summary>Bytes that one client may publish in a second, on average; beyond it the client is read from more slowly. Null: no limit.</summary>
    public ByteSize? MaxPublishBytes { get; init; }

    /// <summary>The largest packet; null: the broker's.</summary>
    public ByteSize? MaxPacketSize { get; init; }

    /// <summary>Every mistake at once. Names are as below a listener in the configuration.</summary>
    public IEnumerable<Problem> Check()
    {
        if (Name.Length is 0 or > 64) yield return new("name", "must have from 1 to 64 characters");
        if (Credentials == CredentialKinds.None) yield return new("auth", "must name at least one of anonymous, password, token, certificate");
        if (MaxConnections < 1) yield return new("maxConnections", "must be at least 1");
        if (MaxConnectRate < 1) yield return new("maxConnectRate", "must be at least 1 a second");
        if (MaxPublishRate < 1) yield return new("maxPublishRate", "must be at least 1 a second");
        if (MaxPublishBytes < ByteSize.KiB(1)) yield return new("maxPublishBytes", "must be at least 1KiB a second");
        if (MaxPacketSize < ByteSize.KiB(1) || MaxPacketSize >= ByteSize.MiB(1))
            yield return new("maxPacketSize", "must be from 1KiB to below 1MiB");
    }
}
