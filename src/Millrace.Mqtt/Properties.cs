namespace Millrace.Mqtt;

/// <summary>The properties of a packet, as they came over the wire and without their length.</summary>
/// <remarks>Those of a packet that was read have been checked. Bytes from elsewhere read as far as they make sense.</remarks>
public readonly ref struct Properties(ReadOnlySpan<byte> bytes)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public bool IsEmpty => Bytes.IsEmpty;

    public Enumerator GetEnumerator() => new(Bytes);

    /// <summary>The first property of this id, which must be one that is a number.</summary>
    public bool TryGet(PropertyId id, out uint number)
    {
        foreach (var property in this)
        {
            if (property.Id != id) continue;
            number = property.Number;
            return true;
        }

        number = 0;
        return false;
    }

    /// <summary>The first property of this id, which must be one that is text or bytes.</summary>
    public bool TryGet(PropertyId id, out ReadOnlySpan<byte> value)
    {
        foreach (var property in this)
        {
            if (property.Id != id) continue;
            value = property.Value;
            return true;
        }

        value = default;
        return false;
    }

    public bool Contains(PropertyId id) => TryGet(id, out uint _);

    /// <summary>Reads length and properties off <paramref name="from"/> and checks every one.</summary>
    internal static ReasonCode Read(scoped ref SpanReader from, PacketType packet, out Properties properties)
    {
        properties = default;
        if (!from.TryVarInt(out var length) || !from.TrySpan(length, out var bytes)) return ReasonCode.MalformedPacket;
        if (length == 0) return ReasonCode.Success;
        properties = new Properties(bytes);
        return Check(bytes, packet);
    }

    private static ReasonCode Check(ReadOnlySpan<byte> bytes, PacketType packet)
    {
        var allowed = PropertyRules.AllowedIn(packet);
        var seen = 0UL;
        var reader = new SpanReader(bytes);
        while (!reader.IsEmpty)
        {
            if (!TryRead(ref reader, out var property, checkText: true)) return ReasonCode.MalformedPacket;
            var bit = PropertyRules.Bit(property.Id);

            // [MQTT-2.2.2-2] and section 2.2.2.2: an identifier that is not valid for its packet type is a malformed packet.
            if ((allowed & bit) == 0) return ReasonCode.MalformedPacket;

            var mayRepeat = property.Id == PropertyId.UserProperty
                || (property.Id == PropertyId.SubscriptionIdentifier && packet == PacketType.Publish);
            if ((seen & bit) != 0 && !mayRepeat) return ReasonCode.ProtocolError;
            seen |= bit;

            var reason = PropertyRules.CheckNumber(property.Id, property.Number);
            if (reason != ReasonCode.Success) return reason;

            // [MQTT-3.3.2-14] The response topic must not contain wildcard characters.
            if (property.Id == PropertyId.ResponseTopic && !Topic.IsValidName(property.Value)) return ReasonCode.ProtocolError;
        }

        // Section 3.1.2.11.10: authentication data without a method is a protocol error.
        var dataAlone = (seen & PropertyRules.Bit(PropertyId.AuthenticationData)) != 0
            && (seen & PropertyRules.Bit(PropertyId.AuthenticationMethod)) == 0;
        return dataAlone ? ReasonCode.ProtocolError : ReasonCode.Success;
    }

    private static bool TryRead(scoped ref SpanReader from, out Property property, bool checkText)
    {
        property = default;

        // Identifiers are variable byte integers, but every one that is defined fits one byte.
        if (!from.TryByte(out var idByte)) return false;
        var id = (PropertyId)idByte;
        switch (PropertyRules.KindOf(id))
        {
            case PropertyKind.Byte when from.TryByte(out var small):
                property = new Property { Id = id, Number = small };
                return true;
            case PropertyKind.TwoByte when from.TryUInt16(out var two):
                property = new Property { Id = id, Number = two };
                return true;
            case PropertyKind.FourByte when from.TryUInt32(out var four):
                property = new Property { Id = id, Number = four };
                return true;
            case PropertyKind.VarInt when from.TryVarInt(out var number):
                property = new Property { Id = id, Number = (uint)number };
                return true;
            case PropertyKind.Binary when from.TryBinary(out var bytes):
                property = new Property { Id = id, Value = bytes };
                return true;
            case PropertyKind.Text when from.TryBinary(out var text) && (!checkText || Utf8Text.IsValid(text)):
                property = new Property { Id = id, Value = text };
                return true;
            case PropertyKind.Pair when from.TryBinary(out var name) && from.TryBinary(out var value)
                                        && (!checkText || (Utf8Text.IsValid(name) && Utf8Text.IsValid(value))):
                property = new Property { Id = id, Name = name, Value = value };
                return true;
            default:
                return false;
        }
    }

    public ref struct Enumerator
    {
        private SpanReader _rest;
        private Property _current;

        internal Enumerator(ReadOnlySpan<byte> bytes)
        {
            _rest = new SpanReader(bytes);
            _current = default;
        }

        public readonly Property Current => _current;

        public bool MoveNext() => !_rest.IsEmpty && TryRead(ref _rest, out _current, checkText: false);
    }
}
