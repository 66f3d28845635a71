using System.Numerics;
using System.Runtime.Intrinsics;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Gathers rows into buckets as they come. For one thread.</summary>
/// <param name="spec">What is gathered.</param>
/// <param name="reader">Where the rows come from; in runs, or not.</param>
/// <param name="cells">Tells which series have their buckets for themselves; null where nobody asks.</param>
/// <remarks>
/// Rows of files come sorted by series and time, so that all of a bucket follow one another. Those in memory come as they arrived, one of each series and then
/// the next: see <see cref="ScatteredBuckets"/>.
/// </remarks>
internal sealed class BucketReader(BucketSpec spec, ScanReader reader, BucketCells? cells = null)
{
    private readonly ScatteredBuckets _scattered = new(spec);
    private readonly BlockTotals _blocks = new(spec, reader);
    private readonly BucketRun _run = new(spec);
    private readonly bool _readsTimes = spec.ReadsTimes;
    private AloneTimes _alone = AloneTimes.None;
    private bool _goesOn;
    private bool _beganAlone;
    private bool _endsAlone;
    private int _series;
    private long _fromNs;
    private long _endNs;
    private int _length;
    private BucketRows? _given;
    private bool _over;

    /// <summary>Rows that were looked at.</summary>
    public long Rows { get; private set; }

    /// <summary>The next buckets.</summary>
    /// <param name="into">Filled where there is nothing better.</param>
    /// <returns>The buckets, until the next call; null after the last.</returns>
    public BucketRows? Read(BucketRows into)
    {
        _given?.Release();
        _given = null;
        into.Clear();
        while (true)
        {
            if (!Runs(into) || (into.Count > 0 && (_over || _scattered.HasReady)))
            {
                Close(into);
                return into;
            }

            if (_scattered.Take() is { } page) return _given = page;
            if (_over) return null;
            Next();
        }
    }

    private void Next()
    {
        var isMore = reader.Next();
        if (_blocks.Take(atEnd: !isMore) is { } blocks) _scattered.Add(blocks);
        if (!isMore)
        {
            _over = true;
            _scattered.Finish();
            return;
        }

        Rows += reader.Count;
        _run.Begin(reader.Rows, reader.First, reader.Count, mayChange: reader.OneSeries >= 0);
        if (cells is not null) (_alone, _goesOn) = (reader.Alone, reader.IsBehind);
        if (!reader.IsOfFile && IsScattered()) Scatter();
    }

    /// <returns>Whether all rows are in buckets; false where <paramref name="into"/> is full.</returns>
    private bool Runs(BucketRows into)
    {
        // Rows that are not wanted begin nothing.
        while (_run.SkipUnwanted())
        {
            var series = reader.OneSeries < 0 ? _run.Rows.Series[_run.At] : reader.OneSeries;
            var ns = _run.Rows.TimeNs[_readsTimes ? _run.At : reader.First];
            if (into.Count == 0 || series != _series || ns < _fromNs || ns >= _endNs)
            {
                if (into.Count == BucketRows.Capacity) return false;
                Begin(into, series, ns);
            }

            // Between the last rows of the bucket and these, others may have read a block of it, or it was added as a whole.
            else if (!_goesOn) _beganAlone = false;
            _goesOn = true;
            var end = reader.OneSeries < 0 ? EndOfMixed() : _readsTimes ? EndOfSorted() : _run.End;
            _length = end - _run.At;
            _endsAlone = _alone.Ends(series, _endNs);
            _run.AddTo(into, into.Count - 1, end);
        }

        return true;
    }

    private void Begin(BucketRows into, int series, long ns)
    {
        Close(into);
        (_series, (_fromNs, _endNs)) = (series, spec.BucketOf(ns));
        var bucket = into.Begin(series, ns, _fromNs);
        _beganAlone = cells is not null && _alone.Begins(series, _fromNs, _endNs) && cells.IsOfOne(series);
        if (into.Tested.Length > 0) _run.Test(into, bucket);
    }

    // Of a bucket it is only known at its end whether others may have more of it.
    private void Close(BucketRows into)
    {
        if (cells is not null && into.Count > 0 && !(_beganAlone && _endsAlone)) into.Share(into.Count - 1);
    }

    /// <returns>The first row that is not in the bucket; rows are of any series.</returns>
    private int EndOfMixed()
    {
        var (rows, row, count) = (_run.Rows, _run.At + 1, _run.End);
        var (first, end) = (Vector256.Create(_fromNs), Vector256.Create(_endNs));
        var same = Vector128.Create(_series);
        for (; row + 4 <= count; row += 4)
        {
            var times = Vector256.LoadUnsafe(ref rows.TimeNs[row]);
            var inside = Vector256.GreaterThanOrEqual(times, first) & Vector256.LessThan(times, end);
            if (!Vector128.EqualsAll(Vector128.LoadUnsafe(ref rows.Series[row]), same) || inside.ExtractMostSignificantBits() != 15) break;
        }

        while (row < count && rows.Series[row] == _series && rows.TimeNs[row] >= _fromNs && rows.TimeNs[row] < _endNs) row++;
        return row;
    }

    /// <returns>The same of rows of one series, in the order of time.</returns>
    private int EndOfSorted()
    {
        var timeNs = _run.Rows.TimeNs.AsSpan(0, _run.End);
        if (timeNs[^1] < _endNs) return _run.End;

        // Rows come evenly: mostly there are as many as in the bucket before, or a few more or less.
        var low = _run.At + 1;
        var high = timeNs.Length - 1;
        var behind = Vector512.Create(_endNs);
        for (var (near, tries) = (_run.At + _length - 4, 0); near >= low && near <= high - 8 && tries < 4; tries++)
        {
            var inside = BitOperations.PopCount(Vector512.LessThan(Vector512.Create<long>(timeNs[near..]), behind).ExtractMostSignificantBits());
            if (inside is > 0 and < 8) return near + inside;
            if (inside == 0) high = near;
            else low = near + 8;
            near += inside == 0 ? -8 : 8;
        }

        return low + ScanReader.FirstFrom(timeNs[low..high], _endNs);
    }

    private bool IsScattered()
    {
        const int looked = 64;
        var changes = 0;
        for (var row = 1; row < Math.Min(looked, _run.End); row++)
            if (_run.Rows.Series[row] != _run.Rows.Series[row - 1]) changes++;
        return changes > looked / 4;
    }

    private void Scatter()
    {
        while (_run.SkipUnwanted())
        {
            var into = _scattered.Of(_run.Rows, _run.At, out var bucket, out var isNew);
            if (isNew) _run.Test(into, bucket);
            _run.AddRowTo(into, bucket);
        }
    }
}
