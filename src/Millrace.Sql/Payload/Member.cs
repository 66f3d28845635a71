namespace Millrace.Sql.Payload;

/// <summary>One top-level name and value of a payload.</summary>
public readonly ref struct Member
{
    private readonly FieldReader _reader;
    private readonly ReadOnlySpan<byte> _payload;
    private readonly MemberPlace _place;

    internal Member(FieldReader reader, ReadOnlySpan<byte> payload, MemberPlace place)
    {
        _reader = reader;
        _payload = payload;
        _place = place;
    }

    /// <summary>The name, escapes taken out.</summary>
    public ReadOnlySpan<byte> Name => _reader.Text(new Field(_payload, _place.Name));

    /// <summary>Which of the wanted fields this is, or -1: then it is one of "all the others".</summary>
    public int Field => _place.Field;

    public Field Value => new(_payload, _place.Value);

    /// <summary>The value's text, as <see cref="Fields.Text"/> gives it.</summary>
    public ReadOnlySpan<byte> Text => _reader.Text(Value);

    /// <summary>Name and value as they stand in the payload, from quote to end.</summary>
    public ReadOnlySpan<byte> Raw => _payload[Start..End];

    /// <summary>The name as it stands in the payload, quotes and escapes included.</summary>
    public ReadOnlySpan<byte> RawName => _payload.Slice(Start, _place.Name.Length + 2);

    /// <summary>The value as it stands in the payload, a string with its quotes.</summary>
    public ReadOnlySpan<byte> RawValue => Value.Kind == FieldKind.String ? _payload[(Value.Position - 1)..End] : _payload[Value.Position..End];

    internal int Start => _place.Start;

    internal int End => _place.End;
}
