using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>Appends chunks to one table. What was appended is in the table when <see cref="Flush"/> returns, all of it or nothing.</summary>
internal sealed class Appender : SafeHandle
{
    private Appender(nint appender)
        : base(0, ownsHandle: true) => SetHandle(appender);

    public override bool IsInvalid => handle == 0;

    /// <param name="connection">Flushes are part of its transaction, where it has begun one.</param>
    /// <param name="schema">Of the table.</param>
    /// <param name="table">Its name.</param>
    /// <param name="columns">The columns of the chunks; the others become null.</param>
    public static Appender Open(Connection connection, string schema, string table, IEnumerable<string> columns)
    {
        if (Native.CreateAppender(connection, schema, table, out var appender) == 0)
        {
            var opened = new Appender(appender);
            foreach (var column in columns) opened.Check(Native.AddAppenderColumn(opened, column));
            return opened;
        }

        var reason = Marshal.PtrToStringUTF8(Native.AppenderError(appender));
        _ = Native.DestroyAppender(ref appender);
        throw DuckDbException.From(reason);
    }

    public void Append(DataChunk chunk) => Check(Native.AppendChunk(this, chunk));

    public void Flush() => Check(Native.FlushAppender(this));

    /// <summary>Forgets what was not flushed. Disposing would flush it.</summary>
    public void Clear() => _ = Native.ClearAppender(this);

    protected override bool ReleaseHandle() => Native.DestroyAppender(ref handle) == 0;

    private void Check(int state)
    {
        if (state != 0) throw DuckDbException.From(Marshal.PtrToStringUTF8(Native.AppenderError(handle)));
    }
}
