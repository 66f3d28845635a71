namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>A field of a message.</summary>
internal sealed class ProtoField
{
    public int Number { get; set; }

    /// <summary>The name in JSON, in UTF-8.</summary>
    public byte[] Name { get; set; } = [];

    public ProtoType Type { get; set; }

    public bool IsRepeated { get; set; }

    /// <summary>The full name of its message or enum, with a dot before it.</summary>
    public string TypeName { get; set; } = "";

    /// <summary>Which of the message's oneofs it is in; -1 for none.</summary>
    public int Oneof { get; set; } = -1;

    /// <summary>Whether a value that is the type's default cannot be told from none, as in proto3.</summary>
    public bool HasNoPresence { get; set; }

    /// <summary>Of messages and groups; linked when all types are known.</summary>
    public ProtoMessage? Message { get; set; }

    /// <summary>Of enums: names by their numbers.</summary>
    public Dictionary<int, byte[]>? Enum { get; set; }

    public bool IsMessage => Type is ProtoType.Message or ProtoType.Group;

    /// <summary>How one value of it stands in a message; several may stand packed in one as well.</summary>
    public WireType Wire => Type switch
    {
        ProtoType.Double or ProtoType.Fixed64 or ProtoType.SFixed64 => WireType.Fixed64,
        ProtoType.Float or ProtoType.Fixed32 or ProtoType.SFixed32 => WireType.Fixed32,
        ProtoType.Text or ProtoType.Bytes or ProtoType.Message => WireType.Bytes,
        ProtoType.Group => WireType.StartGroup,
        _ => WireType.Varint,
    };
}
