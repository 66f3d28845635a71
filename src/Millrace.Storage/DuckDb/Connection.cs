using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>A connection: one statement at a time. Only <see cref="Interrupt"/> may come from another thread.</summary>
internal sealed class Connection : SafeHandle
{
    internal Connection(nint connection)
        : base(0, ownsHandle: true) => SetHandle(connection);

    public override bool IsInvalid => handle == 0;

    /// <summary>Runs one or several statements whose results are of no interest.</summary>
    public unsafe void Execute(string sql)
    {
        NativeResult result;
        var state = Native.Query(this, sql, &result);
        using var owned = new Result(result);
        owned.Check(state);
    }

    /// <summary>Runs one statement and holds its whole result.</summary>
    public unsafe Result Query(string sql)
    {
        NativeResult result;
        var state = Native.Query(this, sql, &result);
        var owned = new Result(result);
        try
        {
            owned.Check(state);
            return owned;
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    /// <summary>Prepares the only statement of a text; more than one, or none, is an error.</summary>
    public Statement Prepare(string sql)
    {
        var count = Native.ExtractStatements(this, sql, out var extracted);
        try
        {
            if (count == 0)
                throw Marshal.PtrToStringUTF8(Native.ExtractStatementsError(extracted)) is { Length: > 0 } error
                    ? DuckDbException.From(error)
                    : new DuckDbException("Parser", "there is no statement");
            if (count > 1) throw new DuckDbException("Parser", $"one statement at a time; these are {count}");
            if (Native.PrepareExtracted(this, extracted, 0, out var statement) == 0) return new Statement(statement);
            var reason = Marshal.PtrToStringUTF8(Native.PrepareError(statement));
            Native.DestroyPrepare(ref statement);
            throw DuckDbException.From(reason);
        }
        finally
        {
            Native.DestroyExtracted(ref extracted);
        }
    }

    /// <summary>Stops the statement that runs, or does nothing.</summary>
    public void Interrupt() => Native.Interrupt(this);

    protected override bool ReleaseHandle()
    {
        Native.Disconnect(ref handle);
        return true;
    }
}
