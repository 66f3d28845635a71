namespace Millrace.Sql.Payload;

/// <summary>What stands in a payload where a field was asked for.</summary>
public enum FieldKind : byte
{
    /// <summary>The payload has no such field.</summary>
    Missing,
    Null,
    True,
    False,
    Number,
    String,
    Object,
    Array,
}
