using System.Text;
using Millrace.Gateway.Sessions;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>A CONNECT that is in order, taken out of its packet: what comes of it may take longer than its bytes stay.</summary>
internal sealed class ConnectRequest
{
    public ConnectRequest(in ConnectPacket connect, BrokerOptions options)
    {
        Version = connect.Version;
        CleanStart = connect.CleanStart;
        IsAssigned = connect.ClientId.IsEmpty;
        ClientId = IsAssigned ? $"auto-{Guid.NewGuid():N}" : Encoding.UTF8.GetString(connect.ClientId);
        ClientIdBytes = IsAssigned ? Encoding.UTF8.GetBytes(ClientId) : connect.ClientId.ToArray();
        UserName = connect.HasUserName ? Encoding.UTF8.GetString(connect.UserName) : null;
        Password = connect.HasPassword ? connect.Password.ToArray() : null;
        Will = connect.HasWill ? new Will(connect) : null;
        KeepAlive = ConnectRules.KeepAliveOf(connect, options);
        ServerKeepAlive = Version == ProtocolVersion.V5 && KeepAlive != TimeSpan.FromSeconds(connect.KeepAlive) ? KeepAlive : null;
        AskedExpiry = ConnectRules.ExpiryOf(connect, options);
        ExpirySeconds = Math.Min(AskedExpiry, (uint)options.MaxSessionExpiry.TotalSeconds);
        ReceiveMaximum = connect.Properties.TryGet(PropertyId.ReceiveMaximum, out uint receive) ? (int)receive : ushort.MaxValue;
        MaxPacketSize = connect.Properties.TryGet(PropertyId.MaximumPacketSize, out uint size) ? size : uint.MaxValue;
        TopicAliasMaximum = connect.Properties.TryGet(PropertyId.TopicAliasMaximum, out uint aliases) ? (int)aliases : 0;
    }

    public ProtocolVersion Version { get; }

    public bool CleanStart { get; }

    /// <summary>Whether the client left its id to the server.</summary>
    public bool IsAssigned { get; }

    public string ClientId { get; }

    public byte[] ClientIdBytes { get; }

    public string? UserName { get; }

    public byte[]? Password { get; }

    public Will? Will { get; }

    /// <summary>What the server goes by; zero where nothing ends a silent connection.</summary>
    public TimeSpan KeepAlive { get; }

    /// <summary>Where it is not what the client asked for, and the client can be told.</summary>
    public TimeSpan? ServerKeepAlive { get; }

    /// <summary>Seconds that the session shall live after the connection.</summary>
    public uint AskedExpiry { get; }

    /// <summary>Seconds that it will live.</summary>
    public uint ExpirySeconds { get; }

    public int ReceiveMaximum { get; }

    public uint MaxPacketSize { get; }

    public int TopicAliasMaximum { get; }
}
