using System.Runtime.CompilerServices;

namespace Millrace.Storage.DuckDb;

/// <summary>One column of a chunk: values, and a bit for each that says it is not null. Points into the chunk, which must outlive it.</summary>
/// <remarks>Rows are not checked against the chunk: this is the one place where DuckDB's memory is touched, and it is touched for every value.</remarks>
internal readonly unsafe struct Vector
{
    private readonly byte* _data;
    private readonly ulong* _valid;

    internal Vector(nint vector)
    {
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
}
