using System.Buffers.Binary;
using Millrace.Gateway.Sessions;

namespace Millrace.Gateway.Retained;

/// <summary>The last message of a topic that was published with RETAIN. Immutable: its bytes are its document, too.</summary>
//
//   at  size  what
//    0     1  version of this layout, 1
//    1     1  QoS
//    2     8  nanoseconds since 1970 at which it arrived, little-endian, as all numbers here
//   10     2  partition of the ingress log
//   12     8  offset
//   20     4  length of the properties
//   24     …  MQTT 5 properties as on the wire, then the payload
internal sealed class RetainedMessage
{
    private const int HeaderSize = 24;
    private const byte Version = 1;

    private readonly byte[] _bytes;
    private readonly int _propertiesLength;

    public RetainedMessage(in Message message, LogPosition position, long arrivalNs)
    {
        Topic = message.Topic.ToArray();
        Position = position;
        ArrivalNs = arrivalNs;
        Qos = message.Qos;
        _propertiesLength = message.Properties.Length;
        _bytes = new byte[HeaderSize + _propertiesLength + message.Payload.Length];
        _bytes[0] = Version;
        _bytes[1] = Qos;
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(2), arrivalNs);
        BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(10), (short)position.Partition);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(12), position.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(20), _propertiesLength);
        message.Properties.CopyTo(_bytes.AsSpan(HeaderSize));
        message.Payload.CopyTo(_bytes.AsSpan(HeaderSize + _propertiesLength));
    }

    private RetainedMessage(byte[] topic, byte[] document)
    {
        Topic = topic;
        _bytes = document;
        Qos = document[1];
        ArrivalNs = BinaryPrimitives.ReadInt64LittleEndian(document.AsSpan(2));
        Position = new LogPosition(BinaryPrimitives.ReadInt16LittleEndian(document.AsSpan(10)), BinaryPrimitives.ReadInt64LittleEndian(document.AsSpan(12)));
        _propertiesLength = BinaryPrimitives.ReadInt32LittleEndian(document.AsSpan(20));
    }

    public byte[] Topic { get; }

    public ReadOnlySpan<byte> Properties => _bytes.AsSpan(HeaderSize, _propertiesLength);

    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(HeaderSize + _propertiesLength);

    public byte Qos { get; }

    public long ArrivalNs { get; }

    /// <summary>None for what the server publishes about itself, which no document keeps.</summary>
    public LogPosition Position { get; }

    /// <summary>A retained message without a payload stands for none. [MQTT-3.3.1-6]</summary>
    public bool IsRemoval => Payload.IsEmpty;

    /// <summary>What it takes, for the limit of all.</summary>
    public int Size => Topic.Length + _bytes.Length;

    /// <summary>The document that keeps it; not to be written to.</summary>
    public byte[] Document => _bytes;

    /// <returns>Null where the document is not one of these.</returns>
    public static RetainedMessage? FromDocument(byte[] topic, byte[] document)
    {
        if (document.Length < HeaderSize || document[0] != Version) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(document.AsSpan(20));
        return length < 0 || length > document.Length - HeaderSize ? null : new RetainedMessage(topic, document);
    }

    /// <summary>As it is sent to a new subscription.</summary>
    public Message ToMessage() => new()
    {
        Topic = Topic,
        Properties = Properties,
        Payload = Payload,
        Qos = Qos,
        ArrivalNs = ArrivalNs,
        Retain = true,
    };

    /// <summary>Whether it was published after another one of its topic.</summary>
    public bool IsAfter(RetainedMessage other)
    {
        if (Position.IsNone) return true;
        return Position.Partition == other.Position.Partition ? Position.Offset >= other.Position.Offset : ArrivalNs >= other.ArrivalNs;
    }
}
