using System.Buffers;

namespace Millrace.Contracts.Records;

/// <summary>Records in order, with the memory they stand in. Made once, filled again and again.</summary>
/// <remarks>
/// Not for two threads at once. Everything read from it is good until <see cref="Clear"/> or <see cref="Dispose"/>, and, for records
/// that <see cref="AddMessage"/> or an AddView took from another batch, until that one's. Filling it allocates nothing once it has grown to its work.
/// </remarks>
public sealed class RecordBatch : IDisposable
{
    private const int ChunkSize = 64 * 1024;

    private readonly List<byte[]> _chunks = [];
    private Entry[] _entries = [];
    private byte[] _chunk = [];
    private int _used;

    public int Count { get; private set; }

    /// <summary>The offset after the last record that was looked at to fill this batch: where to read on.</summary>
    public long Through { get; set; }

    /// <summary>The messages this batch was made from; itself, unless a step filled it.</summary>
    public RecordBatch Origin { get; private set; }

    /// <summary>Bytes of all payloads.</summary>
    public long PayloadBytes { get; private set; }

    public RecordBatch() => Origin = this;

    public Record this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            ref readonly var entry = ref _entries[index];
            var head = entry.Head.AsSpan(entry.HeadAt);
            return new Record
            {
                Topic = head[..entry.TopicLength],
                Key = head.Slice(entry.TopicLength, entry.KeyLength),
                Properties = head.Slice(entry.TopicLength + entry.KeyLength, entry.PropertiesLength),
                Payload = entry.Body.AsSpan(entry.BodyAt, entry.BodyLength),
                Offset = entry.Offset,
                ArrivalNs = entry.ArrivalNs,
                Flags = entry.Flags,
            };
        }
    }

    /// <summary>The payload of a record alone.</summary>
    public ReadOnlySpan<byte> PayloadOf(int index)
    {
        ref readonly var entry = ref _entries.AsSpan(0, Count)[index];
        return entry.Body.AsSpan(entry.BodyAt, entry.BodyLength);
    }

    /// <summary>The arrival of a record alone.</summary>
    public long ArrivalOf(int index) => _entries.AsSpan(0, Count)[index].ArrivalNs;

    /// <summary>Which record of <see cref="Origin"/> record <paramref name="index"/> was made from.</summary>
    public int OriginOf(int index) => _entries[index].OriginIndex;

    /// <summary>Forgets the records and keeps the memory.</summary>
    public void Clear()
    {
        for (var i = 1; i < _chunks.Count; i++) ArrayPool<byte>.Shared.Return(_chunks[i]);
        if (_chunks.Count > 1) _chunks.RemoveRange(1, _chunks.Count - 1);
        _chunk = _chunks.Count > 0 ? _chunks[0] : [];
        _used = 0;
        Count = 0;
        PayloadBytes = 0;
        Origin = this;
    }

    /// <summary>Clears, and notes that what is added next is made from the messages of <paramref name="source"/>.</summary>
    public void ClearFor(RecordBatch source)
    {
        Clear();
        Origin = source.Origin;
        Through = source.Through;
    }

    /// <summary>Adds a copy of a record.</summary>
    public void Add(in Record record)
    {
        var head = record.Topic.Length + record.Key.Length + record.Properties.Length;
        var bytes = Reserve(head + record.Payload.Length);
        record.Topic.CopyTo(bytes);
        record.Key.CopyTo(bytes.AsSpan(record.Topic.Length));
        record.Properties.CopyTo(bytes.AsSpan(record.Topic.Length + record.Key.Length));
        record.Payload.CopyTo(bytes.AsSpan(head));
        AddReserved(bytes, record.Topic.Length, record.Key.Length, record.Properties.Length, record.Offset, record.ArrivalNs, record.Flags);
    }

    /// <summary>
    /// Memory of this batch for a reader to fill; then <see cref="AddReserved"/> tells which parts of it are records.
    /// </summary>
    public ArraySegment<byte> Reserve(int length)
    {
        if (_chunk.Length - _used < length)
        {
            _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(length, ChunkSize));
            _chunks.Add(_chunk);
            _used = 0;
        }

        var segment = new ArraySegment<byte>(_chunk, _used, length);
        _used += length;
        return segment;
    }

    /// <summary>
    /// Adds a record that stands in memory from <see cref="Reserve"/> as topic, key, properties and payload, one behind the other,
    /// filling <paramref name="bytes"/>.
    /// </summary>
    public void AddReserved(
        ArraySegment<byte> bytes, int topicLength, int keyLength, int propertiesLength, long offset, long arrivalNs, RecordFlags flags)
    {
        var head = topicLength + keyLength + propertiesLength;
        ref var entry = ref Next();
        entry.Head = bytes.Array!;
        entry.HeadAt = bytes.Offset;
        entry.TopicLength = topicLength;
        entry.KeyLength = keyLength;
        entry.PropertiesLength = propertiesLength;
        entry.Body = bytes.Array!;
        entry.BodyAt = bytes.Offset + head;
        entry.BodyLength = bytes.Count - head;
        entry.Offset = offset;
        entry.ArrivalNs = arrivalNs;
        entry.Flags = flags;
        entry.OriginIndex = Count - 1;
        PayloadBytes += entry.BodyLength;
    }

    /// <summary>Adds record <paramref name="index"/> of <paramref name="source"/> as it is, without copying.</summary>
    public void AddView(RecordBatch source, int index)
    {
        ref var entry = ref Next();
        entry = source._entries[index];
        PayloadBytes += entry.BodyLength;
    }

    /// <summary>Adds record <paramref name="index"/> of <paramref name="source"/>, without copying, as a message that this batch begins with.</summary>
    public void AddMessage(RecordBatch source, int index)
    {
        ref var entry = ref Next();
        entry = source._entries[index];
        entry.OriginIndex = Count - 1;
        PayloadBytes += entry.BodyLength;
    }

    /// <summary>Adds record <paramref name="index"/> of <paramref name="source"/> with another payload, which is copied.</summary>
    public void AddView(RecordBatch source, int index, ReadOnlySpan<byte> payload)
    {
        var bytes = Reserve(payload.Length);
        payload.CopyTo(bytes);
        ref var entry = ref Next();
        entry = source._entries[index];
        entry.Body = bytes.Array!;
        entry.BodyAt = bytes.Offset;
        entry.BodyLength = payload.Length;
        PayloadBytes += payload.Length;
    }

    /// <summary>Gives all memory back.</summary>
    public void Dispose()
    {
        Clear();
        foreach (var chunk in _chunks) ArrayPool<byte>.Shared.Return(chunk);
        _chunks.Clear();
        _chunk = [];
    }

    private ref Entry Next()
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Math.Max(64, Count * 2));
        return ref _entries[Count++];
    }

    private struct Entry
    {
        public byte[] Head;
        public byte[] Body;
        public int HeadAt;
        public int TopicLength;
        public int KeyLength;
        public int PropertiesLength;
        public int BodyAt;
        public int BodyLength;
        public long Offset;
        public long ArrivalNs;
        public int OriginIndex;
        public RecordFlags Flags;
    }
}
