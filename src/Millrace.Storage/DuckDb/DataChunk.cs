using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>Up to <see cref="Capacity"/> rows, column by column, in DuckDB's memory.</summary>
internal sealed class DataChunk : SafeHandle
{
    /// <summary>DuckDB's vector size.</summary>
    public const int Capacity = 2048;

    internal DataChunk(nint chunk)
        : base(0, ownsHandle: true) => SetHandle(chunk);

    public override bool IsInvalid => handle == 0;

    public int Count
    {
        get => (int)Native.ChunkSize(this);
        set => Native.SetChunkSize(this, (ulong)value);
    }

    /// <summary>An empty chunk to be written through <see cref="OutputChunk"/>.</summary>
    public static unsafe DataChunk Create(ReadOnlySpan<ColumnType> types)
    {
        var logical = stackalloc nint[types.Length];
        for (var i = 0; i < types.Length; i++) logical[i] = Native.CreateLogicalType((int)types[i]);
        var chunk = Native.CreateDataChunk(logical, (ulong)types.Length);
        for (var i = 0; i < types.Length; i++) Native.DestroyLogicalType(ref logical[i]);
        return chunk != 0 ? new DataChunk(chunk) : throw new DuckDbException("", "DuckDB could not make a data chunk");
    }

    /// <summary>A column to read. Valid while the chunk is.</summary>
    public Vector Vector(int column) => new(Native.ChunkVector(this, (ulong)column));

    protected override bool ReleaseHandle()
    {
        Native.DestroyDataChunk(ref handle);
        return true;
    }
}
