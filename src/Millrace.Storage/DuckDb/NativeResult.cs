using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>duckdb_result as the header declares it; only its last field is still in use.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    public ulong ColumnCount;
    public ulong RowCount;
    public ulong RowsChanged;
    public nint Columns;
    public nint Error;
    public nint Internal;
}
