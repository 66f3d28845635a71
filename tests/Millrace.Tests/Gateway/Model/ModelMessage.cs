namespace Millrace.Tests.Gateway.Model;

/// <summary>A message as its publisher knows it. Its number is its payload, so that every delivery tells which it is.</summary>
internal sealed class ModelMessage(int number, string publisher, string topic, byte qos)
{
    public int Number { get; } = number;

    public string Publisher { get; } = publisher;

    public string Topic { get; } = topic;

    public byte Qos { get; } = qos;

    public bool Retain { get; init; }

    /// <summary>Seconds; null: never.</summary>
    public uint? Expiry { get; init; }

    /// <summary>Bytes that follow the number in the payload.</summary>
    public int Padding { get; init; }

    /// <summary>A retained message without a payload: it only removes the one before it.</summary>
    public bool IsRemoval { get; init; }

    public bool IsWill { get; init; }

    /// <summary>The step in which it was sent first; -1 for a will that is not due.</summary>
    public int SentAt { get; set; } = -1;

    public long SentMs { get; set; }

    /// <summary>The step in which the server took it over by PUBACK or PUBREC; -1 before.</summary>
    public int AckedAt { get; set; } = -1;

    public long AckedMs { get; set; }

    /// <summary>The publisher has sent it again with QoS 1, or over a session that may be another one: the server may take it for two.</summary>
    public bool WasRepeated { get; set; }

    public string Payload => IsRemoval ? "" : $"m{Number}" + new string('.', Padding);

    public override string ToString() => $"m{Number} ({Publisher} to {Topic}, QoS {Qos}{(Retain ? ", retained" : "")}{(IsWill ? ", will" : "")})";
}
