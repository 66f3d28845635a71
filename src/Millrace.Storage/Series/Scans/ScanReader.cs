using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>The rows of a scan as one thread gets them.</summary>
internal sealed class ScanReader
{
    /// <summary>A scan of more would only push out of what is kept what others want again.</summary>
    private const int RecentRows = RecentBlocks.MostBlocks / 2 * RowColumns.Capacity;

    private readonly SeriesScan _scan;
    private readonly RowColumns _own;
    private readonly BlockReader _ahead;
    private readonly RecentBlocks? _recent;
    private readonly ChainWalk _chains;
    private readonly int[] _picked;
    private ScanUnit _unit;
    private ColdBlocks? _shownFile;
    private int _shown;
    private int _at;

    internal ScanReader(SeriesScan scan, ScanBuffers buffers)
    {
        _scan = scan;
        (_own, _ahead, _picked) = (buffers.Rows, buffers.Ahead, buffers.Picked);
        _recent = IsKept(scan) ? buffers.Recent : null;
        _chains = new ChainWalk(scan);
        Shortcut = scan.Shortcut?.Invoke();
        Rows = _own;
    }

    /// <summary>
    /// The rows at hand, to be read until the next call: <see cref="Count"/> from <see cref="First"/> on and no others, for chunks in memory go on being filled.
    /// A column asked for that is null or not there is null in each row.
    /// </summary>
    public RowColumns Rows { get; private set; }

    /// <summary>0 where <see cref="OneSeries"/> says nothing.</summary>
    public int First { get; private set; }

    public int Count { get; private set; }

    /// <summary>
    /// Where <see cref="SeriesScan.InRuns"/> asks for it: the series that all rows at hand are of, in the order of time. It is not in <see cref="Rows"/> then; and
    /// where times are not read, only the first row has one. -1 where rows may be of several.
    /// </summary>
    public int OneSeries { get; private set; } = -1;

    /// <summary>Whether the rows at hand are of a file: in the order of series and time.</summary>
    public bool IsOfFile => _unit.Kind == ScanUnitKind.Blocks;

    /// <summary>Whether the rows at hand are of the block right behind the one that those before were of: nobody else has any from between.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>Where rows of the same series can be beside those at hand.</summary>
    public AloneTimes Alone => IsOfFile ? AloneTimes.Of(_scan, _unit.File!, _at - 1) : AloneTimes.None;

    /// <summary>Set before the first call of <see cref="Next"/>: knows of blocks without reading them.</summary>
    public IBlockShortcut? Shortcut { get; set; }

    /// <summary>The next rows, one at least.</summary>
    /// <returns>False after the last.</returns>
    /// <exception cref="OperationCanceledException">The scan was stopped.</exception>
    /// <exception cref="FaultException">Corrupt: a file, and where.</exception>
    public bool Next()
    {
        while (true)
        {
            if (_scan.Stopped) throw new OperationCanceledException("the scan was stopped");
            if (_at == _unit.End && !NextUnit()) return false;
            IsBehind = false;
            var found = _unit.Kind switch
            {
                ScanUnitKind.Blocks => NextBlock(_at++),
                ScanUnitKind.Chunks => NextChunk(_at++),
                _ => NextOfChains(),
            };
            if (found) return true;
        }
    }

    private bool NextUnit()
    {
        if (!_scan.Take(out _unit)) return false;
        _at = _unit.First;
        if (_unit.Kind == ScanUnitKind.Chains) _chains.Begin(_unit);
        return true;
    }

    private bool NextBlock(int block)
    {
        try
        {
            if (!ReadBlock(block)) return false;
            IsBehind = _shownFile == _unit.File && block == _shown + 1;
            (_shownFile, _shown) = (_unit.File, block);
            return true;
        }
        catch (FaultException broken) when (broken.Fault == Fault.Corrupt)
        {
            _unit.File!.Damage ??= broken.Message;
            throw;
        }
    }

    private bool ReadBlock(int block)
    {
        var blocks = _unit.File!.Blocks;
        var entry = blocks.Blocks[block];
        var isOfOne = entry.FirstSeries == entry.LastSeries;
        var filter = new Filter(_scan, entry.FromNs, entry.ToNs, isOfOne ? entry.FirstSeries : null);
        if (Shortcut is not null && Shortcut.Passes(blocks, block, isOfOne && !filter.Any)) return false;
        var times = _scan.ReadsTimes || filter.ByTime || filter.ByVersion;
        if (_scan.InRuns && isOfOne && !filter.ByVersion && ReadRun(blocks, block, times) is { } any) return any;
        var kept = _recent?.Read(blocks, block, _scan.ReadSlots, times);
        var rows = kept?.Rows ?? _own;
        if (kept is null) _ahead.ReadRows(blocks, block, _unit.End, rows, times);

        // Of a block that several series share, often no row is wanted: its columns are not read then. Versions are in one of them.
        var picked = filter.ByVersion ? -1 : Select(filter, rows, rows.Count);
        if (picked == 0) return false;
        if (kept is not null) kept.ReadColumns(blocks);
        else _ahead.ReadColumns(blocks, block, _unit.End, _scan.ReadSlots, rows);
        return Show(rows, rows.Count, picked < 0 ? Select(filter, rows, rows.Count) : picked);
    }

    /// <summary>Reads a block of one series, and of its columns only the rows wanted.</summary>
    /// <returns>Whether any are wanted; null where the rows are not in the order of time.</returns>
    private bool? ReadRun(BlockFile blocks, int block, bool times)
    {
        var entry = blocks.Blocks[block];
        var (first, end) = (0, _own.Count = entry.Rows);
        if (times)
        {
            _ahead.ReadTimes(blocks, block, _unit.End, _own);
            var ns = _own.TimeNs.AsSpan(0, end);
            if (ns[0] != entry.FromNs || ns[^1] != entry.ToNs) return null;
            if (_scan.Range.FromNs > entry.FromNs) first = FirstFrom(ns, _scan.Range.FromNs);
            if (_scan.Range.ToNs < entry.ToNs) end = FirstFrom(ns, _scan.Range.ToNs + 1);
            if (first >= end) return false;
        }
        else _own.TimeNs[0] = entry.FromNs;

        _ahead.ReadColumns(blocks, block, _unit.End, _scan.ReadSlots, _own, first, end);
        (Rows, First, Count, OneSeries) = (_own, first, end - first, entry.FirstSeries);
        return true;
    }

    /// <param name="timeNs">Of rows in the order of time.</param>
    /// <param name="ns">A time.</param>
    /// <returns>The first row that is not before it; behind the last where all are.</returns>
    internal static int FirstFrom(ReadOnlySpan<long> timeNs, long ns)
    {
        var (first, end) = (0, timeNs.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            if (timeNs[middle] < ns) first = middle + 1;
            else end = middle;
        }

        return first;
    }

    private bool NextChunk(int number)
    {
        var chunk = _unit.Hot.Rows[number];
        var count = Math.Min(RowColumns.Capacity, _unit.Hot.Count - (number * RowColumns.Capacity));
        return Show(chunk.Rows, count, Select(new Filter(_scan, chunk.FromNs, chunk.ToNs, series: null), chunk.Rows, count));
    }

    private bool NextOfChains()
    {
        RowCopy.Prepare(_own, _scan.ReadSlots, _scan.Snapshot.Stored);
        _at = _chains.Fill(_own);
        (Rows, First, Count, OneSeries) = (_own, 0, _own.Count, -1);
        return Count > 0;
    }

    /// <summary>Leaves out what is not wanted.</summary>
    /// <param name="rows">Some rows.</param>
    /// <param name="count">How many.</param>
    /// <param name="picked">How many of them were selected.</param>
    private bool Show(RowColumns rows, int count, int picked)
    {
        (Rows, First, Count, OneSeries) = (rows, 0, count, -1);
        if (picked == count) return true;
        if (picked == 0) return false;
        if (rows != _own) RowCopy.Prepare(_own, _scan.ReadSlots, _scan.Snapshot.Stored);
        RowCopy.Pick(_own, _scan.ReadSlots, rows, _picked.AsSpan(0, picked));
        (Rows, Count) = (_own, picked);
        return true;
    }

    /// <returns>How many are wanted; which, is in the buffer, where it is not all.</returns>
    private int Select(Filter filter, RowColumns rows, int count)
    {
        if (!filter.Any) return count;
        var (range, replaced) = (_scan.Range, _scan.Snapshot.Replaced);
        var versions = filter.ByVersion && _scan.Snapshot.VersionSlot is var slot and >= 0 && slot < rows.Columns.Length ? rows.Columns[slot] : null;
        var picked = 0;
        for (var row = 0; row < count; row++)
        {
            if (filter.ByTime && (rows.TimeNs[row] < range.FromNs || rows.TimeNs[row] > range.ToNs)) continue;
            if (filter.BySeries && !range.Series!.Contains(rows.Series[row])) continue;
            if (filter.ByVersion && replaced.Contains(rows.Series[row], rows.TimeNs[row], versions is not null && versions.IsValid(row) ? versions.Bits[row] : 1)) continue;
            _picked[picked++] = row;
        }

        return picked;
    }

    private static bool IsKept(SeriesScan scan) =>
        scan.MostRows <= RecentRows && scan.ReadSlots.Length <= RecentBlocks.MostColumns
        && !Array.Exists(scan.ReadSlots, slot => scan.Snapshot.Stored[slot].Type == MeasureType.Varchar);

    /// <summary>What is to be looked at in each of some rows; which are all of one wanted series, or of any.</summary>
    private readonly struct Filter(SeriesScan scan, long fromNs, long toNs, int? series)
    {
        public bool ByTime { get; } = !scan.Range.Covers(fromNs, toNs);

        public bool BySeries { get; } = series is null && scan.Range.Series is not null;

        public bool ByVersion { get; } = series is { } one ? scan.Snapshot.Replaced.MayHave(one, fromNs, toNs) : scan.Snapshot.Replaced.MayHave(fromNs, toNs);

        public bool Any => ByTime || BySeries || ByVersion;
    }
}
