using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>A vector that belongs to no chunk. What refers to its rows keeps them, even when this is gone.</summary>
internal sealed unsafe class OwnedVector : SafeHandle
{
    public OwnedVector(ColumnType type, int capacity)
        : base(0, ownsHandle: true)
    {
        var logical = Native.CreateLogicalType((int)type);
        SetHandle(Native.CreateVector(logical, (ulong)capacity));
        Native.DestroyLogicalType(ref logical);
    }

    public override bool IsInvalid => handle == 0;

    public OutputVector.TextPlaces Texts() => new(handle, (byte*)Native.VectorData(handle));

    public void SetNull(int row)
    {
        Native.EnsureValidityWritable(handle);
        ((ulong*)Native.VectorValidity(handle))[row >> 6] &= ~(1UL << row);
    }

    protected override bool ReleaseHandle()
    {
        Native.DestroyVector(ref handle);
        return true;
    }
}
