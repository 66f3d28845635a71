namespace Millrace.Sql.Payload;

/// <summary>Where in a payload a value stands. For strings without the quotes.</summary>
internal struct FieldPlace
{
    public FieldKind Kind;
    public bool Escaped;
    public int Start;
    public int Length;

    public static FieldPlace Between(FieldKind kind, bool escaped, int start, int end) => kind == FieldKind.String
        ? new FieldPlace { Kind = kind, Escaped = escaped, Start = start + 1, Length = end - start - 2 }
        : new FieldPlace { Kind = kind, Escaped = escaped, Start = start, Length = end - start };
}
