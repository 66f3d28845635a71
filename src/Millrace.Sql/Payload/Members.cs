namespace Millrace.Sql.Payload;

/// <summary>The members of a payload, in their order. A name that is there twice comes twice; the last counts.</summary>
public readonly ref struct Members
{
    private readonly FieldReader _reader;
    private readonly ReadOnlySpan<byte> _payload;

    internal Members(FieldReader reader, ReadOnlySpan<byte> payload)
    {
        _reader = reader;
        _payload = payload;
    }

    public int Count => _reader.Found.Count;

    public Member this[int index] => new(_reader, _payload, _reader.Found[index]);

    public Enumerator GetEnumerator() => new(this);

    /// <summary>For foreach.</summary>
    public ref struct Enumerator
    {
        private readonly Members _members;
        private int _index = -1;

        internal Enumerator(Members members) => _members = members;

        public readonly Member Current => _members[_index];

        public bool MoveNext() => ++_index < _members.Count;
    }
}
