using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Scans;

/// <summary>Fills DuckDB's chunks with rows of a scan, for one thread.</summary>
internal sealed class TableReader(SeriesScan scan, TableColumn[] columns) : IRowReader
{
    private readonly ScanReader _reader = scan.Read();
    private readonly TableFill _fill = new(columns, scan.Snapshot.SeriesCount);

    public int Fill(in OutputChunk into)
    {
        if (!_reader.Next()) return 0;
        _fill.Fill(into, _reader.Rows, _reader.Count);
        return _reader.Count;
    }

    public void Dispose() => _fill.Dispose();
}
