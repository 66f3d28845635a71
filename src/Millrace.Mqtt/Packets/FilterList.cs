namespace Millrace.Mqtt.Packets;

/// <summary>The filters of an UNSUBSCRIBE, each behind its length, as on the wire.</summary>
public readonly ref struct FilterList(ReadOnlySpan<byte> bytes)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public Enumerator GetEnumerator() => new(Bytes);

    public ref struct Enumerator
    {
        private SpanReader _rest;
        private ReadOnlySpan<byte> _current;

        internal Enumerator(ReadOnlySpan<byte> bytes)
        {
            _rest = new SpanReader(bytes);
            _current = default;
        }

        public readonly ReadOnlySpan<byte> Current => _current;

        public bool MoveNext() => _rest.TryBinary(out _current);
    }
}
