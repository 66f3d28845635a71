using System.Text.Json.Serialization;

namespace Millrace.Gateway.Sessions;

/// <summary>A session as it is kept: what has to be known of it to go on after a crash. The key is the client id.</summary>
/// <remarks>
/// It is written at once when a client connects, subscribes or leaves, and else at checkpoints. What happened since then is found again in the log
/// behind the checkpoint, or in the documents <see cref="SessionStore.ReleasedCollection"/> and <see cref="SessionStore.FreedCollection"/>.
/// </remarks>
internal sealed record SessionDocument
{
    /// <summary>4: MQTT 3.1.1, 5: MQTT 5.</summary>
    public byte Version { get; init; }

    /// <summary>Seconds after its connection ended; never 0 here.</summary>
    public uint Expiry { get; init; }

    /// <summary>Unix milliseconds; null while it is connected.</summary>
    public long? DisconnectedAt { get; init; }

    public SubscriptionDocument[] Subscriptions { get; init; } = [];

    /// <summary>By partition: the offset up to which messages were looked at for it.</summary>
    public long[] Seen { get; init; } = [];

    /// <summary>Positions of messages it must still get, in order, those that were sent and not acknowledged first.</summary>
    public ulong[] Waiting { get; init; } = [];

    /// <summary>By partition, or null: see <see cref="Inbox"/>.</summary>
    public long[]? Gaps { get; init; }

    /// <summary>Packet ids of QoS 2 messages that it published and has not released, with their offsets.</summary>
    public Dictionary<ushort, long> Received { get; init; } = [];

    /// <summary>The offset in its partition up to which <see cref="Received"/> is complete.</summary>
    public long ReceivedThrough { get; init; }

    public WillDocument? Will { get; init; }
}

/// <summary>A subscription as it is kept.</summary>
internal sealed record SubscriptionDocument(string Filter, byte Options, uint Identifier, long[] Since, string? Share, bool ExcludesParent);

/// <summary>A will as it is kept, in base64 where it is bytes.</summary>
internal sealed record WillDocument(string Topic, byte[] Payload, byte[] Properties, byte Qos, bool Retain, uint Delay);

/// <summary>A shared subscription as it is kept. The key is share name, slash, filter.</summary>
internal sealed record SharedGroupDocument
{
    public long[] Since { get; init; } = [];

    public long[] Seen { get; init; } = [];

    public ulong[] Waiting { get; init; } = [];

    public long[]? Gaps { get; init; }

    public bool ExcludesParent { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(SharedGroupDocument))]
[JsonSerializable(typeof(long[]))]
internal sealed partial class SessionJson : JsonSerializerContext;
