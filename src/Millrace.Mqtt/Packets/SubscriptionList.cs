namespace Millrace.Mqtt.Packets;

/// <summary>The filters of a SUBSCRIBE, each behind its length and before its options, as on the wire.</summary>
public readonly ref struct SubscriptionList(ReadOnlySpan<byte> bytes)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public Enumerator GetEnumerator() => new(Bytes);

    public ref struct Enumerator
    {
        private SpanReader _rest;
        private SubscriptionRequest _current;

        internal Enumerator(ReadOnlySpan<byte> bytes)
        {
            _rest = new SpanReader(bytes);
            _current = default;
        }

        public readonly SubscriptionRequest Current => _current;

        public bool MoveNext()
        {
            if (!_rest.TryBinary(out var filter) || !_rest.TryByte(out var options)) return false;
            _current = new SubscriptionRequest { Filter = filter, Options = options };
            return true;
        }
    }
}
