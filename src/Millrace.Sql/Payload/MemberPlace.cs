namespace Millrace.Sql.Payload;

/// <summary>Where in a payload a top-level member stands.</summary>
internal struct MemberPlace
{
    public FieldPlace Name;
    public FieldPlace Value;
    public int Field;

    /// <summary>The quote before the name.</summary>
    public readonly int Start => Name.Start - 1;

    /// <summary>After the value, a string's quote included.</summary>
    public readonly int End => Value.Start + Value.Length + (Value.Kind == FieldKind.String ? 1 : 0);
}
