using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>One text as a value of DuckDB's.</summary>
internal sealed class TextValue : SafeHandle
{
    public unsafe TextValue(ReadOnlySpan<byte> utf8)
        : base(0, ownsHandle: true)
    {
        fixed (byte* text = utf8) SetHandle(Native.CreateText(text, (ulong)utf8.Length));
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Native.DestroyValue(ref handle);
        return true;
    }
}
