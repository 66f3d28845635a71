using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>The values of one column in one row group. Rows for which nothing was added are null.</summary>
internal sealed class ColumnValues(MeasureType type)
{
    private readonly ArrayBufferWriter<byte> _levels = new();
    private readonly ArrayBufferWriter<byte> _values = new();
    private readonly TextValues? _texts = type == MeasureType.Varchar ? new() : null;
    private int _rows;
    private int _run;
    private bool _runIsNull;
    private byte _bits;
    private int _booleans;
    private long _leastWhole = long.MaxValue;
    private long _mostWhole = long.MinValue;
    private double _least = double.PositiveInfinity;
    private double _most = double.NegativeInfinity;

    public int Nulls { get; private set; }

    /// <summary>Set where the values are better written by a dictionary.</summary>
    public TextValues? ByDictionary => _texts is { HasDictionary: true } ? _texts : null;

    /// <param name="row">Above that of the value before, as in all of these.</param>
    /// <param name="reader">At the value, and at its end afterwards.</param>
    /// <param name="json">What the reader reads.</param>
    public void Set(int row, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType == JsonTokenType.Null) return;
        switch (type)
        {
            case MeasureType.Boolean:
                Set(row, reader.TokenType == JsonTokenType.True);
                break;
            case MeasureType.Bigint:
                RowSchema.IsWhole(ref reader, out var whole);
                Set(row, whole);
                break;
            case MeasureType.Double:
                Set(row, reader.GetDouble());
                break;
            default:
                SetText(row, ref reader, json);
                break;
        }
    }

    public void Set(int row, bool value)
    {
        Present(row);
        if (value) _bits |= (byte)(1 << (_booleans & 7));
        if ((++_booleans & 7) != 0) return;
        _values.Write([_bits]);
        _bits = 0;
    }

    public void Set(int row, long value)
    {
        Present(row);
        (_leastWhole, _mostWhole) = (Math.Min(_leastWhole, value), Math.Max(_mostWhole, value));
        Put(value);
    }

    public void Set(int row, double value)
    {
        Present(row);
        (_least, _most) = (Math.Min(_least, value), Math.Max(_most, value));
        Put(BitConverter.DoubleToInt64Bits(value));
    }

    public void Set(int row, ReadOnlySpan<byte> text)
    {
        Present(row);
        _texts!.Add(text);
    }

    /// <summary>No value comes any more.</summary>
    public void End(int rows)
    {
        Level(rows - _rows, isNull: true);
        PutRun();
        if ((_booleans & 7) != 0) _values.Write([_bits]);
    }

    /// <summary>Which rows have values, and the values: a data page, uncompressed.</summary>
    public void PutPage(ArrayBufferWriter<byte> into)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into.GetSpan(sizeof(int)), _levels.WrittenCount);
        into.Advance(sizeof(int));
        into.Write(_levels.WrittenSpan);
        if (ByDictionary is { } dictionary) dictionary.PutIndexes(into);
        else into.Write(_texts is null ? _values.WrittenSpan : _texts.Plain);
    }

    /// <returns>The least and the greatest value in their bytes; null where readers are to have none.</returns>
    public (byte[] Least, byte[] Most)? Range()
    {
        const int longestText = 64;
        if (Nulls == _rows) return null;
        return type switch
        {
            MeasureType.Bigint => (Bytes(_leastWhole), Bytes(_mostWhole)),

            // Which of the two zeros comes first is open, so that a least zero is the negative one, and a greatest the other.
            MeasureType.Double => (Bytes(BitConverter.DoubleToInt64Bits(_least == 0 ? -0.0 : _least)), Bytes(BitConverter.DoubleToInt64Bits(_most == 0 ? 0.0 : _most))),
            MeasureType.Varchar when _texts is { Least: { Length: <= longestText } least, Most: { Length: <= longestText } most } => (least, most),
            _ => null,
        };
    }

    private static byte[] Bytes(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private void SetText(int row, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            Set(row, json[from..(int)reader.BytesConsumed]);
        }
        else if (!reader.ValueIsEscaped)
        {
            Set(row, reader.ValueSpan);
        }
        else
        {
            var text = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
            Set(row, text.AsSpan(0, reader.CopyString(text)));
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    private void Present(int row)
    {
        Level(row - _rows, isNull: true);
        Level(1, isNull: false);
    }

    private void Put(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_values.GetSpan(sizeof(long)), value);
        _values.Advance(sizeof(long));
    }

    private void Level(int count, bool isNull)
    {
        if (count == 0) return;
        if (_run > 0 && _runIsNull != isNull) PutRun();
        _runIsNull = isNull;
        _run += count;
        _rows += count;
        if (isNull) Nulls += count;
    }

    private void PutRun()
    {
        if (_run > 0) RunWriter.Run(_levels, _run, !_runIsNull);
        _run = 0;
    }
}
