namespace Millrace.Storage.Series.Rows;

/// <summary>Up to 2,048 rows of one table as columns: what hot rows gather in, blocks are written from and read into, and scans hand out.</summary>
/// <remarks>
/// Used again and again by its owner; columns that a reader does not ask for are null in <see cref="Columns"/>. Slots are those of
/// <see cref="SeriesTable.Stored"/>: 0 is the series and 1 the time, which are here and not in <see cref="Columns"/>.
/// </remarks>
/// <param name="lasting">They will live long: the collector is not to move them.</param>
internal sealed class RowColumns(bool lasting = false)
{
    /// <summary>DuckDB's vectors have as many rows.</summary>
    public const int Capacity = 2048;

    public int Count { get; set; }

    /// <summary>Codes of the table's series.</summary>
    public int[] Series { get; } = GC.AllocateArray<int>(Capacity, lasting);

    /// <summary>Nanoseconds since 1970 UTC.</summary>
    public long[] TimeNs { get; } = GC.AllocateArray<long>(Capacity, lasting);

    /// <summary>By slot; the first two are always null, and those behind the end were not asked for.</summary>
    public RowColumn?[] Columns { get; set; } = [];
}
