using System.Buffers.Binary;
using System.Text;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>The series of one table: codes for dimension values and measure name, and what is known of each series' newest point.</summary>
/// <remarks>
/// A key is the number of dimensions (a byte), then for each, in the order of its column, the column (a byte), the length (two bytes, little-endian) and the
/// value; the rest is the measure name. Under the store's lock, but for <see cref="Describe"/> of codes below a <see cref="Count"/> seen under it.
/// </remarks>
internal sealed class SeriesIndex
{
    /// <summary>The kind of a measure whose records are multi-measure; other kinds are those of <see cref="MeasureType"/>.</summary>
    public const MeasureType Multi = (MeasureType)byte.MaxValue;

    private readonly ByteKeys _keys = new();
    private readonly ByteKeys _measures = new();
    private readonly List<MeasureType> _measureKinds = [];
    private SeriesState[] _states = new SeriesState[16];

    public int Count => _keys.Count;

    public long Memory => _keys.Memory + _measures.Memory + (_states.Length * 40L);

    public ref SeriesState this[int code] => ref _states[code];

    public ReadOnlySpan<byte> KeyOf(int code) => _keys[code];

    public int Find(ReadOnlySpan<byte> key) => _keys.Find(key);

    public int Add(ReadOnlySpan<byte> key, MeasureType kind)
    {
        if (Count == _states.Length) Array.Resize(ref _states, Count * 2);
        _states[Count] = new SeriesState { Kind = kind, NewestNs = long.MinValue, MovedNs = long.MinValue };
        return _keys.Add(key);
    }

    public int MeasureNames => _measures.Count;

    /// <summary>What a measure name's records are: a type, or <see cref="Multi"/>; null where there are none yet.</summary>
    public MeasureType? KindOf(ReadOnlySpan<byte> measureName)
    {
        var at = _measures.Find(measureName);
        return at < 0 ? null : _measureKinds[at];
    }

    public void AddMeasureName(ReadOnlySpan<byte> name, MeasureType kind)
    {
        _measures.Add(name);
        _measureKinds.Add(kind);
    }

    public IEnumerable<(string Name, MeasureType Kind)> Measures()
    {
        for (var i = 0; i < _measures.Count; i++) yield return (Encoding.UTF8.GetString(_measures[i]), _measureKinds[i]);
    }

    /// <summary>The measure name at the end of a key.</summary>
    public static ReadOnlySpan<byte> MeasureNameOf(ReadOnlySpan<byte> key)
    {
        var at = 1;
        for (var i = 0; i < key[0]; i++) at += 3 + BinaryPrimitives.ReadUInt16LittleEndian(key[(at + 1)..]);
        return key[at..];
    }

    /// <summary>The dimensions of a key, by column.</summary>
    public static DimensionReader DimensionsOf(ReadOnlySpan<byte> key) => new(key);

    public SeriesListing Describe(int code, string[] dimensionNames)
    {
        var key = _keys[code];
        var dimensions = new Dictionary<string, string>(key[0]);
        for (var reader = DimensionsOf(key); reader.Next();)
            dimensions.Add(dimensionNames[reader.Column], Encoding.UTF8.GetString(reader.Value));
        ref var state = ref _states[code];
        return new SeriesListing(
            dimensions,
            Encoding.UTF8.GetString(MeasureNameOf(key)),
            state.Kind == Multi ? null : state.Kind,
            state.NewestNs,
            state.Kind switch
            {
                MeasureType.Double => BitConverter.Int64BitsToDouble(state.LatestBits),
                MeasureType.Bigint or MeasureType.Boolean => state.LatestBits,
                _ => null,
            });
    }

    /// <summary>Walks the dimensions of a key.</summary>
    internal ref struct DimensionReader(ReadOnlySpan<byte> key)
    {
        private readonly ReadOnlySpan<byte> _key = key;
        private int _left = key[0];
        private int _at = 1;

        public int Column { get; private set; }

        public ReadOnlySpan<byte> Value { get; private set; }

        public bool Next()
        {
            if (_left-- == 0) return false;
            Column = _key[_at];
            Value = _key.Slice(_at + 3, BinaryPrimitives.ReadUInt16LittleEndian(_key[(_at + 1)..]));
            _at += 3 + Value.Length;
            return true;
        }
    }
}
