using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Adds whole blocks to buckets by what is known of them, so that their rows are not read; nor are those of blocks of which none passes. For one thread.</summary>
internal sealed class BlockTotals : IBlockShortcut
{
    private readonly BucketSpec _spec;
    private readonly BlockTests _tests;
    private readonly StatisticsReader _statistics = new();
    private readonly ColumnStatistics[] _found;

    /// <summary>Of blocks it is known what their numbers are, but not which came first or last.</summary>
    private readonly bool _adds;

    private BucketRows? _buckets;
    private long _fromNs;
    private long _endNs;

    /// <param name="spec">What is gathered.</param>
    /// <param name="reader">Will ask.</param>
    public BlockTotals(BucketSpec spec, ScanReader reader)
    {
        _spec = spec;
        _tests = new BlockTests(spec.Tests, _statistics);
        _found = new ColumnStatistics[spec.Measures.Count];
        _adds = spec.Measures.All(static measure => measure is { Ends: false, Type: MeasureType.Double or MeasureType.Bigint });
        reader.Shortcut = this;
    }

    public bool Passes(BlockFile file, int block, bool isWhole)
    {
        var adds = isWhole && _adds && IsInOneBucket(file.Blocks[block]);
        if (!adds && _spec.Tests.Count == 0) return false;
        var pass = _tests.Of(file, block);
        return pass == false || (pass == true && adds && TryAdd(file, block));
    }

    /// <summary>The buckets so far, if there are as many as there can be, or at the end; else null.</summary>
    /// <param name="atEnd">No block follows.</param>
    public BucketRows? Take(bool atEnd)
    {
        if (_buckets is null || (!atEnd && _buckets.Count < BucketRows.Capacity)) return null;
        var full = _buckets;
        _buckets = null;
        return full;
    }

    private bool IsInOneBucket(in BlockEntry block) => _spec.WidthNs == 0 || block.ToNs < _spec.BucketOf(block.FromNs).EndNs;

    private bool TryAdd(BlockFile file, int block)
    {
        for (var i = 0; i < _found.Length; i++)
            if (!_statistics.TryRead(file, block, _spec.Measures[i].Slot, out _found[i])) return false;
        var entry = file.Blocks[block];
        if (Bucket(entry) is not { } bucket) return false;
        _buckets!.Rows[bucket] += entry.Rows;
        if (_spec.Times)
        {
            _buckets.EarliestNs[bucket] = Math.Min(_buckets.EarliestNs[bucket], entry.FromNs);
            _buckets.LatestNs[bucket] = Math.Max(_buckets.LatestNs[bucket], entry.ToNs);
        }

        for (var i = 0; i < _found.Length; i++) BucketSums.Add(_buckets.Columns[i], bucket, _found[i]);
        return true;
    }

    /// <returns>Null where there is no room: the rows are read then, and whoever reads them comes by and takes the buckets.</returns>
    private int? Bucket(in BlockEntry block)
    {
        _buckets ??= new BucketRows(_spec);
        if (_buckets.Count > 0 && _buckets.Series[_buckets.Count - 1] == block.FirstSeries && block.FromNs >= _fromNs && block.FromNs < _endNs) return _buckets.Count - 1;
        if (_buckets.Count == BucketRows.Capacity) return null;
        (_fromNs, _endNs) = _spec.BucketOf(block.FromNs);
        var bucket = _buckets.Begin(block.FirstSeries, block.FromNs, _fromNs);
        for (var i = 0; i < _tests.Passing.Length; i++) _buckets.Tested[i][bucket] = _tests.Passing[i];
        return bucket;
    }
}
