using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>A prepared statement of one connection.</summary>
internal sealed class Statement : SafeHandle
{
    internal Statement(nint statement)
        : base(0, ownsHandle: true) => SetHandle(statement);

    public override bool IsInvalid => handle == 0;

    public StatementKind Kind => (StatementKind)Native.StatementType(this);

    public int Parameters => (int)Native.ParameterCount(this);

    public int Columns => (int)Native.PreparedColumnCount(this);

    public ColumnType ColumnType(int column) => (ColumnType)Native.PreparedColumnType(this, (ulong)column);

    public string ColumnName(int column)
    {
        var name = Native.PreparedColumnName(this, (ulong)column);
        var text = Marshal.PtrToStringUTF8(name) ?? "";
        Native.Free(name);
        return text;
    }

    /// <param name="index">From 1.</param>
    /// <param name="value">The value.</param>
    public void Bind(int index, long value) => Check(Native.BindInt64(this, (ulong)index, value));

    /// <param name="index">From 1.</param>
    /// <param name="utf8">The text.</param>
    public unsafe void Bind(int index, ReadOnlySpan<byte> utf8)
    {
        fixed (byte* text = utf8) Check(Native.BindVarchar(this, (ulong)index, text, (ulong)utf8.Length));
    }

    /// <summary>Runs it and holds the whole result.</summary>
    public unsafe Result Execute()
    {
        NativeResult result;
        return Checked(Native.ExecutePrepared(this, &result), result);
    }

    /// <summary>Runs it as its rows are fetched: what is not fetched is not computed.</summary>
    public unsafe Result Stream()
    {
        NativeResult result;
        return Checked(Native.ExecutePreparedStreaming(this, &result), result);
    }

    protected override bool ReleaseHandle()
    {
        Native.DestroyPrepare(ref handle);
        return true;
    }

    private static Result Checked(int state, NativeResult native)
    {
        var result = new Result(native);
        try
        {
            result.Check(state);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private void Check(int state)
    {
        if (state != 0) throw DuckDbException.From(Marshal.PtrToStringUTF8(Native.PrepareError(handle)));
    }
}
