using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Scans;

/// <summary>A <see cref="SeriesScan"/> for DuckDB.</summary>
internal sealed class TableScan(SeriesScan scan, TableColumn[] columns) : IRowScan
{
    public int Threads => scan.Threads;

    public IRowReader Read() => new TableReader(scan, columns);

    public void Dispose() => scan.Stopped = true;
}
