using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>The rows of one statement, read chunk by chunk, once.</summary>
internal sealed class Result : IDisposable
{
    private NativeResult _result;
    private bool _disposed;

    internal Result(NativeResult result) => _result = result;

    ~Result() => Release();

    /// <summary>The next rows, the caller's to dispose; null after the last.</summary>
    public DataChunk? Fetch()
    {
        var chunk = Native.FetchChunk(_result);
        if (chunk != 0) return new DataChunk(chunk);
        ThrowIfFailed();
        return null;
    }

    /// <summary>The first value of the first row, where it is an integer.</summary>
    public long Scalar()
    {
        using var chunk = Fetch();
        return chunk is { Count: > 0 } && chunk.Vector(0).IsValid(0) ? chunk.Vector(0).Value<long>(0) : 0;
    }

    public unsafe int Columns
    {
        get { fixed (NativeResult* result = &_result) return (int)Native.ColumnCount(result); }
    }

    public unsafe string ColumnName(int column)
    {
        fixed (NativeResult* result = &_result) return Marshal.PtrToStringUTF8(Native.ColumnName(result, (ulong)column)) ?? "";
    }

    /// <returns>The type; for Decimal also its scale and the integer type that carries it.</returns>
    public unsafe (ColumnType Type, int Scale, ColumnType Carrier) ColumnType(int column)
    {
        fixed (NativeResult* result = &_result)
        {
            var type = Native.ColumnLogicalType(result, (ulong)column);
            var id = (ColumnType)Native.GetTypeId(type);
            var answer = id == DuckDb.ColumnType.Decimal
                ? (id, Native.DecimalScale(type), (ColumnType)Native.DecimalInternalType(type))
                : (id, 0, id);
            Native.DestroyLogicalType(ref type);
            return answer;
        }
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    internal void Check(int state)
    {
        if (state == 0) return;
        ThrowIfFailed();
        throw DuckDbException.From(null);
    }

    private unsafe void ThrowIfFailed()
    {
        fixed (NativeResult* result = &_result)
        {
            if (Marshal.PtrToStringUTF8(Native.ResultError(result)) is { Length: > 0 } error) throw DuckDbException.From(error);
        }
    }

    private unsafe void Release()
    {
        if (_disposed) return;
        _disposed = true;
        fixed (NativeResult* result = &_result) Native.DestroyResult(result);
    }
}
