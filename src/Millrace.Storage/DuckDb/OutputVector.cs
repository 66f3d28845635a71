using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>A column of an <see cref="OutputChunk"/>. Rows are written by one of these ways, each for all rows at once.</summary>
internal readonly unsafe struct OutputVector(nint vector)
{
    private const int InlineText = 12;
    private const int TextSize = 16;

    private readonly nint _vector = vector;

    /// <summary>Values of eight bytes each.</summary>
    /// <param name="values">As many as there are rows.</param>
    /// <param name="valid">A bit for each that is not null, the first lowest; bits behind the last row do not matter. Empty: none is null.</param>
    public void Fill(ReadOnlySpan<long> values, ReadOnlySpan<ulong> valid)
    {
        values.CopyTo(new Span<long>((void*)Native.VectorData(_vector), values.Length));
        SetValid(valid, values.Length);
    }

    /// <summary>Whole numbers of 128 bits.</summary>
    public void Fill(ReadOnlySpan<Int128> values, ReadOnlySpan<ulong> valid)
    {
        values.CopyTo(new Span<Int128>((void*)Native.VectorData(_vector), values.Length));
        SetValid(valid, values.Length);
    }

    public void Fill(ReadOnlySpan<double> values, ReadOnlySpan<ulong> valid) => Fill(MemoryMarshal.Cast<double, long>(values), valid);

    /// <summary>Booleans, each as 0 or 1.</summary>
    public void FillBooleans(ReadOnlySpan<long> values, ReadOnlySpan<ulong> valid)
    {
        var data = (byte*)Native.VectorData(_vector);
        for (var row = 0; row < values.Length; row++) data[row] = (byte)(values[row] & 1);
        SetValid(valid, values.Length);
    }

    /// <summary>Numbers of 32 bits.</summary>
    public void Fill(ReadOnlySpan<int> values) => values.CopyTo(new Span<int>((void*)Native.VectorData(_vector), values.Length));

    /// <summary>Where the texts of <see cref="SetText"/> are put.</summary>
    public TextPlaces Texts(ReadOnlySpan<ulong> valid, int rows)
    {
        SetValid(valid, rows);
        return new TextPlaces(_vector, (byte*)Native.VectorData(_vector));
    }

    /// <summary>All rows null.</summary>
    public void FillNull(int rows)
    {
        Native.EnsureValidityWritable(_vector);
        new Span<ulong>((void*)Native.VectorValidity(_vector), (rows + 63) / 64).Clear();
    }

    /// <summary>All rows the same text.</summary>
    public void FillConstant(TextValue value) => Native.ReferenceValue(_vector, value);

    /// <summary>Each row one of the values of a dictionary.</summary>
    /// <param name="dictionary">Stays as it is as long as somebody reads the rows.</param>
    /// <param name="numbers">Of the values, one for each row.</param>
    public void FillFrom(TextDictionary dictionary, ReadOnlySpan<int> numbers)
    {
        Native.ReferenceVector(_vector, dictionary.Vector);
        var selection = Native.CreateSelection((ulong)numbers.Length);
        try
        {
            numbers.CopyTo(new Span<int>((void*)Native.SelectionData(selection), numbers.Length));
            Native.Slice(_vector, selection, (ulong)numbers.Length);
        }
        finally
        {
            Native.DestroySelection(selection);
        }
    }

    private void SetValid(ReadOnlySpan<ulong> valid, int rows)
    {
        // Where no row is null, it costs DuckDB less to know.
        if (valid.IsEmpty || AllValid(valid, rows)) return;
        Native.EnsureValidityWritable(_vector);
        valid[..((rows + 63) / 64)].CopyTo(new Span<ulong>((void*)Native.VectorValidity(_vector), (rows + 63) / 64));
    }

    private static bool AllValid(ReadOnlySpan<ulong> valid, int rows)
    {
        var whole = rows / 64;
        if (valid[..whole].ContainsAnyExcept(ulong.MaxValue)) return false;
        var rest = (1UL << (rows & 63)) - 1;
        return (rows & 63) == 0 || (valid[whole] & rest) == rest;
    }

    /// <summary>The texts of a vector.</summary>
    internal readonly struct TextPlaces(nint vector, byte* data)
    {
        /// <summary>Copies a text into a row.</summary>
        /// <param name="row">The row.</param>
        /// <param name="text">Valid UTF-8.</param>
        public void Set(int row, ReadOnlySpan<byte> text)
        {
            if (text.Length > InlineText)
            {
                fixed (byte* at = text) Native.AssignText(vector, (ulong)row, at, (ulong)text.Length);
                return;
            }

            // duckdb_string_t: the length and up to 12 bytes; comparisons read all twelve.
            var place = data + ((nint)row * TextSize);
            *(int*)place = text.Length;
            *(long*)(place + 4) = 0;
            *(int*)(place + 12) = 0;
            text.CopyTo(new Span<byte>(place + 4, InlineText));
        }

        /// <summary>The same text as an earlier row's.</summary>
        public void Repeat(int row, int earlier) =>
            Unsafe.CopyBlockUnaligned(data + ((nint)row * TextSize), data + ((nint)earlier * TextSize), TextSize);
    }
}
