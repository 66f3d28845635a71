using System.Runtime.CompilerServices;

namespace Millrace.Storage.DuckDb;

/// <summary>One column of a chunk: values, and a bit for each that says it is not null. Points into the chunk, which must outlive it.</summary>
/// <remarks>Rows are not checked against the chunk: this is the one place where DuckDB's memory is touched, and it is touched for every value.</remarks>
internal readonly unsafe struct Vector
{
    private readonly byte* _data;
    private readonly ulong* _valid;

    internal Vector(nint vector, bool writable)
    {
        if (writable) Native.EnsureValidityWritable(vector);
        _data = (byte*)Native.VectorData(vector);
        _valid = (ulong*)Native.VectorValidity(vector);
    }

    public bool IsValid(int row) => _valid is null || (_valid[row >> 6] & (1UL << row)) != 0;

    public T Value<T>(int row)
        where T : unmanaged => Unsafe.ReadUnaligned<T>(_data + ((nint)row * sizeof(T)));

    public ReadOnlySpan<byte> Text(int row)
    {
        // duckdb_string_t: the length; then up to 12 bytes of text, or 4 of them again and where the text is.
        var at = _data + ((nint)row * 16);
        var length = *(int*)at;
        return new ReadOnlySpan<byte>(length <= 12 ? at + 4 : *(byte**)(at + 8), length);
    }

    /// <summary>Writes a value into a row of a chunk that is being filled.</summary>
    public void Set<T>(int row, T value)
        where T : unmanaged
    {
        Unsafe.WriteUnaligned(_data + ((nint)row * sizeof(T)), value);
        _valid[row >> 6] |= 1UL << row;
    }

    /// <param name="row">The row.</param>
    /// <param name="text">UTF-8; where it is longer than 12 bytes, in memory that stays where it is until the chunk was appended.</param>
    public void SetText(int row, ReadOnlySpan<byte> text)
    {
        var at = _data + ((nint)row * 16);
        *(int*)at = text.Length;
        if (text.Length <= 12)
        {
            // Comparisons read the rest of the twelve too, so it must be zero.
            *(long*)(at + 4) = 0;
            *(int*)(at + 12) = 0;
            text.CopyTo(new Span<byte>(at + 4, 12));
        }
        else
        {
            *(int*)(at + 4) = Unsafe.ReadUnaligned<int>(ref Unsafe.AsRef(in text[0]));
            *(byte**)(at + 8) = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in text[0]));
        }

        _valid[row >> 6] |= 1UL << row;
    }

    /// <summary>Makes every row null: what is set afterwards is not.</summary>
    public void SetAllNull() => new Span<ulong>(_valid, DataChunk.Capacity / 64).Clear();

    /// <summary>Makes every row a value: for columns that are never null, and are written without touching the bits.</summary>
    public void SetAllValid() => new Span<ulong>(_valid, DataChunk.Capacity / 64).Fill(ulong.MaxValue);

    /// <summary>The values, for columns that are never null.</summary>
    public Span<T> Values<T>()
        where T : unmanaged => new(_data, DataChunk.Capacity);
}
