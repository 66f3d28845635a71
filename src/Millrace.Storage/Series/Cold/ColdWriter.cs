using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Cold;

/// <summary>Writes sorted rows of one table into a file, or into several that are cut between series.</summary>
/// <remarks>A file that was not finished when this is disposed is deleted.</remarks>
internal sealed class ColdWriter(SeriesFiles files, SeriesTable table, IReadOnlyList<StoredColumn> columns, int generation, long fileRows) : IDisposable
{
    private readonly List<ColdFile> _written = [];
    private BlockFileWriter? _writer;
    private string _path = "";
    private long _rows;
    private int _firstSeries;
    private int _lastSeries;

    /// <summary>Copies rows that come behind all before them, in order.</summary>
    public void Append(RowColumns rows, int first, int count)
    {
        for (var end = first + count; first < end;)
        {
            if (_rows >= fileRows && rows.Series[first] != _lastSeries) EndFile();
            var cut = end;
            if (_rows + count > fileRows)
                for (cut = first + 1; cut < end && rows.Series[cut] == rows.Series[first];) cut++;
            if (_writer is null) Begin(rows.Series[first]);
            _writer!.Append(rows, first, cut - first);
            _rows += cut - first;
            _lastSeries = rows.Series[cut - 1];
            first = cut;
        }
    }

    /// <returns>All files, safe with their names; none where there were no rows.</returns>
    public IReadOnlyList<ColdFile> Finish()
    {
        EndFile();
        files.SyncDirectory(table);
        return _written;
    }

    public void Dispose()
    {
        if (_writer is null) return;
        _writer.Dispose();
        try
        {
            files.Delete(_path);
        }
        catch (IOException)
        {
            // A disk that fails keeps it until the next start, which deletes what no manifest lists.
        }
    }

    private void Begin(int series)
    {
        _path = files.BlocksPath(table, generation);
        _writer = new BlockFileWriter(files.Disk, _path, columns);
        (_firstSeries, _rows) = (series, 0);
    }

    private void EndFile()
    {
        if (_writer is null) return;
        var summary = _writer.Finish();
        _writer.Dispose();
        _writer = null;
        _written.Add(new ColdFile(_path, summary.Rows, summary.Bytes, summary.FromNs, summary.ToNs, columns.Count) { FirstSeries = _firstSeries, LastSeries = _lastSeries });
        _rows = 0;
    }
}
