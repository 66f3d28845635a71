namespace Millrace.Sql.Payload;

/// <summary>What a <see cref="FieldReader"/> found in one payload. Good until the reader reads the next.</summary>
public readonly ref struct Fields
{
    private readonly FieldReader _reader;
    private readonly ReadOnlySpan<byte> _payload;

    internal Fields(FieldReader reader, ReadOnlySpan<byte> payload)
    {
        _reader = reader;
        _payload = payload;
    }

    /// <summary>The field that was asked for as number <paramref name="index"/>.</summary>
    public Field this[int index] => new(_payload, _reader.Places[index]);

    /// <summary>What the field that was asked for as number <paramref name="index"/> is.</summary>
    public FieldKind Kind(int index) => _reader.Places[index].Kind;

    /// <summary>All members of the payload in their order; of a reader made with <c>keepMembers</c>.</summary>
    public Members Members => new(_reader, _payload);

    /// <summary>The text of a string, escapes taken out; of any other value its JSON; empty where it is missing.</summary>
    public ReadOnlySpan<byte> Text(int index)
    {
        ref readonly var place = ref _reader.Places[index];
        return place.Escaped ? _reader.Text(this[index]) : _payload.Slice(place.Start, place.Length);
    }
}
