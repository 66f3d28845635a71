using Millrace.Storage.Files;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Writes a block file: rows of one table, sorted by series, time and version. Not for several threads at once.</summary>
/// <remarks>
/// Holds one block of rows and one group of encoded blocks (about 1 MiB), and the index, which has about 50 bytes a block. Until <see cref="Finish"/> has
/// returned, the file is worth nothing; whoever gives up deletes it. A full or failing disk is an <see cref="IOException"/>.
/// </remarks>
internal sealed class BlockFileWriter : IDisposable
{
    private readonly IFile _file;
    private readonly BlockRows _block;
    private readonly BlockGroup _group;
    private readonly ByteSink _index = new();
    private long _at;
    private long _rows;
    private long _fromNs = long.MaxValue;
    private long _toNs = long.MinValue;
    private int _lastSeries;
    private long _lastNs = long.MinValue;

    /// <param name="disk">Where to.</param>
    /// <param name="path">A file that is there is overwritten.</param>
    /// <param name="columns">All stored columns of the table, series and time first.</param>
    public BlockFileWriter(IDisk disk, string path, IReadOnlyList<StoredColumn> columns)
    {
        _block = new BlockRows(columns);
        _group = new BlockGroup(columns);
        BlockIndex.WriteColumns(columns, _index);
        _file = disk.Open(path);
        _file.SetLength(0);
        Write(BlockFooter.FileMagic);
    }

    /// <summary>Copies the rows. They begin where those of the last call ended, or behind it.</summary>
    /// <param name="rows">Columns that are null or not there are null in each row.</param>
    public void Append(RowColumns rows) => Append(rows, 0, rows.Count);

    /// <summary>Copies some of the rows.</summary>
    public void Append(RowColumns rows, int first, int count)
    {
        var end = first + count;
        CheckOrder(rows, first, end);
        for (var row = first; row < end;)
        {
            var series = rows.Series[row];
            if (_block.Count >= BlockLimits.RowsBeforeNextSeries && _block.LastSeries != series) EndBlock();
            var run = row + 1;
            while (run < end && rows.Series[run] == series) run++;
            row += _block.Take(rows, row, run - row);
            if (row < run) EndBlock();
        }
    }

    /// <summary>Ends the file. It is safe when this returns, once its directory is synced.</summary>
    public BlockFileSummary Finish()
    {
        if (_block.Count > 0) EndBlock();
        if (_group.Blocks > 0) EndGroup();
        var footer = new byte[BlockFooter.Size];
        new BlockFooter(_at, _index.Count, Crc32C.Of(_index.Written)).Write(footer);
        Write(_index.Written);
        Write(footer);
        _file.Sync();
        return new BlockFileSummary(_rows, _fromNs, _toNs, _at);
    }

    public void Dispose() => _file.Dispose();

    private void CheckOrder(RowColumns rows, int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            var (series, time) = (rows.Series[row], rows.TimeNs[row]);
            if (series < _lastSeries || (series == _lastSeries && time < _lastNs))
                throw new ArgumentException($"row {row} (series {series}, time {time}) belongs before the last one (series {_lastSeries}, time {_lastNs})");
            (_lastSeries, _lastNs) = (series, time);
        }
    }

    private void EndBlock()
    {
        _group.Add(_block);
        _rows += _block.Count;
        foreach (var time in _block.Rows.TimeNs.AsSpan(0, _block.Count))
        {
            _fromNs = Math.Min(_fromNs, time);
            _toNs = Math.Max(_toNs, time);
        }

        _block.Clear();
        if (_group.IsFull) EndGroup();
    }

    private void EndGroup()
    {
        Write(_group.Finish(_index));
        if (_index.Count > BlockLimits.IndexBytes) throw new InvalidOperationException("the index of a block file has at most 1 GiB: cut it by time");
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _file.Write(_at, bytes);
        _at += bytes.Length;
    }
}
