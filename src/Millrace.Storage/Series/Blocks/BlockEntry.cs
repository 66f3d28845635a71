using System.Runtime.InteropServices;

namespace Millrace.Storage.Series.Blocks;

/// <summary>What the index of a block file says about one block: enough to know whether its rows are wanted.</summary>
/// <param name="FirstSeries">Of the first row.</param>
/// <param name="LastSeries">Of the last row.</param>
/// <param name="FromNs">The earliest time of all its rows.</param>
/// <param name="ToNs">The latest.</param>
/// <param name="Rows">1 to <see cref="Rows.RowColumns.Capacity"/>.</param>
/// <param name="Group">The number of the group it lies in.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockEntry(int FirstSeries, int LastSeries, long FromNs, long ToNs, int Rows, int Group);
