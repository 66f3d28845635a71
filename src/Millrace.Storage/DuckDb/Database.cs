using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>A DuckDB database in memory. Any thread may connect; each connection serves one thread at a time.</summary>
internal sealed class Database : SafeHandle
{
    private Database(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    /// <param name="settings">Names and values of DuckDB's configuration, in the order in which they are set.</param>
    public static Database Open(IEnumerable<(string Name, string Value)> settings)
    {
        if (Native.CreateConfig(out var config) != 0) throw new DuckDbException("", "DuckDB could not make a configuration");
        try
        {
            foreach (var (name, value) in settings)
                if (Native.SetConfig(config, name, value) != 0) throw new DuckDbException("Invalid Input", $"DuckDB does not take {name} = {value}");
            if (Native.Open(null, out var database, config, out var error) == 0) return new Database(database);
            var message = Marshal.PtrToStringUTF8(error);
            Native.Free(error);
            throw DuckDbException.From(message);
        }
        finally
        {
            Native.DestroyConfig(ref config);
        }
    }

    public Connection Connect() =>
        Native.Connect(this, out var connection) == 0 ? new Connection(connection) : throw new DuckDbException("Connection", "DuckDB gave no connection");

    protected override bool ReleaseHandle()
    {
        Native.Close(ref handle);
        return true;
    }
}
