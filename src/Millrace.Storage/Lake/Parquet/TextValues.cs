using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>The texts of a column in one row group, both one behind the other and by a dictionary, for as long as that is small.</summary>
internal sealed class TextValues : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    private const int MostEntries = 1 << 15;
    private const int MostDictionaryBytes = 1 << 20;

    private readonly ArrayBufferWriter<byte> _plain = new();
    private readonly ArrayBufferWriter<byte> _entries = new();
    private readonly Dictionary<byte[], int> _places;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly List<int> _indexes = [];
    private byte[]? _least;
    private byte[]? _most;
    private bool _isLarge;

    public TextValues()
    {
        _places = new Dictionary<byte[], int>(this);
        _byBytes = _places.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The dictionary is worth its bytes.</summary>
    public bool HasDictionary => !_isLarge && _entries.WrittenCount + (_indexes.Count * 2L) < _plain.WrittenCount;

    public int Entries => _places.Count;

    public ReadOnlySpan<byte> Dictionary => _entries.WrittenSpan;

    public ReadOnlySpan<byte> Plain => _plain.WrittenSpan;

    /// <summary>By unsigned bytes, as Parquet orders texts. Null where there is none.</summary>
    public byte[]? Least => _least;

    public byte[]? Most => _most;

    public void Add(ReadOnlySpan<byte> text)
    {
        Put(_plain, text);
        if (_least is null || text.SequenceCompareTo(_least) < 0) _least = text.ToArray();
        if (_most is null || text.SequenceCompareTo(_most) > 0) _most = text.ToArray();
        if (_isLarge) return;
        if (!_byBytes.TryGetValue(text, out var place))
        {
            place = _places.Count;
            if (place == MostEntries || _entries.WrittenCount + text.Length > MostDictionaryBytes)
            {
                _isLarge = true;
                return;
            }

            _places.Add(text.ToArray(), place);
            Put(_entries, text);
        }

        _indexes.Add(place);
    }

    public void PutIndexes(ArrayBufferWriter<byte> into) => RunWriter.Packed(into, CollectionsMarshal.AsSpan(_indexes), _places.Count - 1);

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    private static void Put(ArrayBufferWriter<byte> into, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into.GetSpan(sizeof(int)), text.Length);
        into.Advance(sizeof(int));
        into.Write(text);
    }
}
