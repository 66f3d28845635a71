using System.Buffers.Binary;

namespace Millrace.Contracts.Records;

/// <summary>Steps through <see cref="Record.Properties"/>; stops before what it does not know.</summary>
public ref struct MessageProperties(ReadOnlySpan<byte> properties)
{
    private ReadOnlySpan<byte> _rest = properties;

    /// <summary>One of <see cref="MessageProperty"/>.</summary>
    public byte Id { get; private set; }

    /// <summary>Its text or bytes; of a user property the value; of a number the bytes as they came over the wire.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Of a user property.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    public bool Next()
    {
        Name = default;
        if (_rest.IsEmpty) return false;
        Id = _rest[0];
        var rest = _rest[1..];
        bool isWhole;
        switch (Id)
        {
            case MessageProperty.PayloadFormat:
                isWhole = TryTake(ref rest, 1);
                break;
            case MessageProperty.MessageExpiry:
                isWhole = TryTake(ref rest, 4);
                break;
            case MessageProperty.TopicAlias:
                isWhole = TryTake(ref rest, 2);
                break;
            case MessageProperty.SubscriptionIdentifier:
                isWhole = TryTake(ref rest, rest.IndexOfAnyInRange((byte)0, (byte)0x7F) + 1);
                break;
            case MessageProperty.ContentType or MessageProperty.ResponseTopic or MessageProperty.CorrelationData:
            case MessageProperty.Principal or MessageProperty.SourceAddress:
                isWhole = TryTakeText(ref rest);
                break;
            case MessageProperty.UserProperty:
                isWhole = TryTakeText(ref rest);
                Name = Value;
                isWhole = isWhole && TryTakeText(ref rest);
                break;
            default:
                isWhole = false;
                break;
        }

        _rest = isWhole ? rest : default;
        return isWhole;
    }

    /// <summary>The first of an id; empty and false where there is none.</summary>
    public static bool TryGet(ReadOnlySpan<byte> properties, byte id, out ReadOnlySpan<byte> value)
    {
        var each = new MessageProperties(properties);
        while (each.Next())
        {
            if (each.Id != id) continue;
            value = each.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>How many bytes of the properties are MQTT's own: subscribers get those.</summary>
    public static int MqttLength(ReadOnlySpan<byte> properties)
    {
        var each = new MessageProperties(properties);
        var length = 0;
        while (each.Next() && each.Id < MessageProperty.Principal) length = properties.Length - each._rest.Length;
        return length;
    }

    private bool TryTakeText(ref ReadOnlySpan<byte> rest)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out var length)) return false;
        rest = rest[2..];
        return TryTake(ref rest, length);
    }

    private bool TryTake(ref ReadOnlySpan<byte> rest, int length)
    {
        if (rest.Length < length) return false;
        Value = rest[..length];
        rest = rest[length..];
        return true;
    }
}
