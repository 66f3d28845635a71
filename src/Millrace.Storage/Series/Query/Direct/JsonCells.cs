using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>Writes values as <see cref="QueryValue.WriteJson"/> does, and what stands between them, without looking whether it is well formed. What is written is in the output when this is disposed.</summary>
internal ref struct JsonCells(IBufferWriter<byte> output)
{
    private const int AtOnce = 4096;

    // A time with its quotes, and more than a number may have.
    private const int MostOfValue = 128;
    private const int MostOfEscaped = 6;

    private Span<byte> _free;
    private int _used;

    public void Dispose()
    {
        if (_used > 0) output.Advance(_used);
        _free = [];
        _used = 0;
    }

    /// <summary>As they are.</summary>
    public void Symbols(ReadOnlySpan<byte> symbols)
    {
        symbols.CopyTo(Free(symbols.Length));
        _used += symbols.Length;
    }

    /// <param name="utf8">Any.</param>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        var free = Free((utf8.Length * MostOfEscaped) + 2);
        free[0] = (byte)'"';
        var length = utf8.Length;
        if (JavaScriptEncoder.Default.FindFirstCharacterToEncodeUtf8(utf8) < 0) utf8.CopyTo(free[1..]);
        else JavaScriptEncoder.Default.EncodeUtf8(utf8, free[1..], out _, out length);
        free[length + 1] = (byte)'"';
        _used += length + 2;
    }

    /// <param name="type">No text.</param>
    /// <param name="bits">As columns keep it.</param>
    public void Value(MeasureType type, long bits)
    {
        var free = Free(MostOfValue);
        switch (type)
        {
            case MeasureType.Double:
                _used += Double(BitConverter.Int64BitsToDouble(bits), free);
                return;
            case MeasureType.Boolean:
                Symbols(bits != 0 ? "true"u8 : "false"u8);
                return;
            case MeasureType.Bigint when bits is >= -QueryValue.MaxExact and <= QueryValue.MaxExact:
                Utf8Formatter.TryFormat(bits, free, out var written);
                _used += written;
                return;
            case MeasureType.Timestamp when bits is > -long.MaxValue and < long.MaxValue:
                free[0] = free[TimeText.Length + 1] = (byte)'"';
                TimeText.Write(bits, free.Slice(1, TimeText.Length));
                _used += TimeText.Length + 2;
                return;
            default:
                _used += Quoted(type == MeasureType.Bigint ? bits.ToString(CultureInfo.InvariantCulture) : QueryValue.TimeOf(bits), free);
                return;
        }
    }

    private static int Double(double value, Span<byte> free)
    {
        if (DoubleText.TryWrite(value, free) is var written and > 0) return written;
        if (!double.IsFinite(value)) return Quoted(value.ToString(CultureInfo.InvariantCulture), free);
        Utf8Formatter.TryFormat(value, free, out written);
        return written;
    }

    private static int Quoted(string ascii, Span<byte> free)
    {
        free[0] = (byte)'"';
        var length = Encoding.ASCII.GetBytes(ascii, free[1..]);
        free[length + 1] = (byte)'"';
        return length + 2;
    }

    private Span<byte> Free(int size)
    {
        if (_free.Length - _used < size)
        {
            Dispose();
            _free = output.GetSpan(Math.Max(size, AtOnce));
        }

        return _free[_used..];
    }
}
