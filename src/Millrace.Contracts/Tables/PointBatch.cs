namespace Millrace.Contracts.Tables;

/// <summary>Points on their way into series tables: typed, and still in the order of the batch they came from.</summary>
/// <remarks>
/// Filled by one caller and given to <see cref="ISeriesStore.Write"/> whole; then cleared and filled again. For each point:
/// <see cref="Begin"/>, its dimensions, its measures, <see cref="End"/> (or <see cref="Abandon"/>). Allocates nothing once it has grown to its work.
/// A point with <see cref="PointHead.MultiMeasure"/> false carries one value named by its measure name.
/// </remarks>
public sealed class PointBatch
{
    /// <summary>The column of a value that its point's measure name names.</summary>
    public const int SingleMeasure = -1;

    private byte[] _bytes = new byte[4096];
    private PointHead[] _points = new PointHead[256];
    private PointField[] _fields = new PointField[1024];
    private int _bytesUsed;
    private int _fieldsUsed;

    public int Count { get; private set; }

    public ReadOnlySpan<PointHead> Points => _points.AsSpan(0, Count);

    /// <summary>Dimensions first, then measures, of one point.</summary>
    public ReadOnlySpan<PointField> FieldsOf(in PointHead point) => _fields.AsSpan(point.FirstField, point.Dimensions + point.Measures);

    /// <summary>The bytes of a measure name or of a text value, UTF-8.</summary>
    public ReadOnlySpan<byte> Text(int at, int length) => _bytes.AsSpan(at, length);

    public void Clear()
    {
        Count = 0;
        _bytesUsed = 0;
        _fieldsUsed = 0;
    }

    /// <param name="table">As <see cref="ISeriesStore.Table"/> gave it.</param>
    /// <param name="index">The record of the flow's batch this is made from; outcomes are reported under it.</param>
    /// <param name="measureName">UTF-8.</param>
    /// <param name="multiMeasure">Each measure is a column of its own.</param>
    /// <param name="timeNs">Nanoseconds since 1970 UTC.</param>
    /// <param name="version">Higher replaces lower; 1 where the record says nothing.</param>
    /// <param name="arrivalNs">When the record came to the server, so that a replay decides about its time as the first time. Null: now.</param>
    public void Begin(ISeriesTable table, int index, ReadOnlySpan<byte> measureName, bool multiMeasure, long timeNs, long version = 1, long? arrivalNs = null)
    {
        if (Count == _points.Length) Array.Resize(ref _points, Count * 2);
        ref var point = ref _points[Count];
        point.Table = table;
        point.Index = index;
        point.BytesBefore = _bytesUsed;
        point.NameAt = Copy(measureName);
        point.NameLength = measureName.Length;
        point.MultiMeasure = multiMeasure;
        point.TimeNs = timeNs;
        point.Version = version;
        point.ArrivalNs = arrivalNs;
        point.FirstField = _fieldsUsed;
        point.Dimensions = 0;
        point.Measures = 0;
    }

    /// <summary>One dimension value. All dimensions of a point come before its first measure; one that is not named is null.</summary>
    /// <param name="column">From <see cref="ISeriesTable.DimensionColumn"/>.</param>
    /// <param name="value">UTF-8.</param>
    public void Dimension(int column, ReadOnlySpan<byte> value)
    {
        AddField(column, MeasureType.Varchar, 0, value);
        _points[Count].Dimensions++;
    }

    /// <param name="column">From <see cref="ISeriesTable.MeasureColumn"/>; <see cref="SingleMeasure"/> where the point carries one value.</param>
    /// <param name="value">Finite.</param>
    public void Measure(int column, double value) => Measure(column, MeasureType.Double, BitConverter.DoubleToInt64Bits(value));

    public void Measure(int column, bool value) => Measure(column, MeasureType.Boolean, value ? 1 : 0);

    /// <param name="column">As above.</param>
    /// <param name="type">Bigint or Timestamp.</param>
    /// <param name="bits">The value; for Double its bits.</param>
    public void Measure(int column, MeasureType type, long bits)
    {
        AddField(column, type, bits, default);
        _points[Count].Measures++;
    }

    public void Measure(int column, ReadOnlySpan<byte> text)
    {
        AddField(column, MeasureType.Varchar, 0, text);
        _points[Count].Measures++;
    }

    /// <summary>Gives a complete point another time.</summary>
    public void CorrectTime(int point, long timeNs) => _points.AsSpan(0, Count)[point].TimeNs = timeNs;

    /// <summary>The point is complete.</summary>
    public void End() => Count++;

    /// <summary>Forgets the point that was begun.</summary>
    public void Abandon()
    {
        _fieldsUsed = _points[Count].FirstField;
        _bytesUsed = _points[Count].BytesBefore;
    }

    private void AddField(int column, MeasureType type, long bits, ReadOnlySpan<byte> text)
    {
        if (_fieldsUsed == _fields.Length) Array.Resize(ref _fields, _fieldsUsed * 2);
        ref var field = ref _fields[_fieldsUsed++];
        field.Column = column;
        field.Type = type;
        field.Bits = bits;
        field.TextAt = Copy(text);
        field.TextLength = text.Length;
    }

    private int Copy(ReadOnlySpan<byte> text)
    {
        if (_bytes.Length - _bytesUsed < text.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _bytesUsed + text.Length));
        text.CopyTo(_bytes.AsSpan(_bytesUsed));
        _bytesUsed += text.Length;
        return _bytesUsed - text.Length;
    }
}
