using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>A <see cref="SeriesScan"/> whose rows DuckDB gets as buckets.</summary>
/// <param name="scan">The rows.</param>
/// <param name="spec">The buckets.</param>
/// <param name="fields">The columns wanted.</param>
/// <param name="groups">Where each bucket is to come once; else null.</param>
/// <param name="cells">Of the groups.</param>
internal sealed class BucketScan(SeriesScan scan, BucketSpec spec, BucketField[] fields, BucketGroups? groups, BucketCells? cells) : IRowScan
{
    public int Threads => scan.Threads;

    public IRowReader Read() => new Reader(scan, spec, fields, groups, cells);

    public void Dispose() => scan.Stopped = true;

    private const long NsPerUs = 1000;

    private sealed class Reader(SeriesScan scan, BucketSpec spec, BucketField[] fields, BucketGroups? groups, BucketCells? cells) : IRowReader
    {
        private readonly ScanBuffers _buffers = ScanBuffers.Take();
        private readonly SeriesTexts?[] _texts = Array.ConvertAll(fields, field => field.Values is { } values ? new SeriesTexts(values, scan.Snapshot.SeriesCount) : null);
        private readonly int[] _tuples = new int[BucketRows.Capacity];
        private readonly long[] _steps = new long[BucketRows.Capacity];
        private readonly ulong[] _valid = new ulong[BucketRows.Capacity / 64];

        private BucketReader? _reader;
        private BucketRows? _page;
        private bool _gathered;

        public int Fill(in OutputChunk into)
        {
            if (Next() is not { } buckets) return 0;
            for (var i = 0; i < fields.Length; i++) Fill(into[i], i, buckets);
            return buckets.Count;
        }

        private BucketRows? Next()
        {
            _reader ??= new BucketReader(spec, scan.Read(_buffers), cells);
            if (groups is null) return _reader.Read(_page ??= new BucketRows(spec));
            if (!_gathered) groups.Gather(_reader);
            _gathered = true;
            _page?.Release();
            return _page = groups.Next();
        }

        public void Dispose()
        {
            _page?.Release();
            ScanBuffers.Give(_buffers);
            foreach (var texts in _texts) texts?.Dispose();
        }

        private void Fill(OutputVector into, int field, BucketRows buckets)
        {
            var (count, at) = (buckets.Count, fields[field].At);
            switch (fields[field].Kind)
            {
                case BucketFieldKind.OfSeries:
                    _texts[field]!.Fill(into, buckets.Series.AsSpan(0, count));
                    break;
                case BucketFieldKind.Tuple:
                    for (var i = 0; i < count; i++) _tuples[i] = cells!.TupleOf(buckets.Series[i]);
                    into.Fill(_tuples.AsSpan(0, count));
                    break;
                case BucketFieldKind.Step:
                    for (var i = 0; i < count; i++) _steps[i] = buckets.BeginOf(i) / NsPerUs;
                    into.Fill(_steps.AsSpan(0, count), []);
                    break;
                case BucketFieldKind.Time:
                    into.Fill(buckets.TimeNs.AsSpan(0, count), []);
                    break;
                case BucketFieldKind.Tested when spec.Tests[at].How == Comparison.Null:
                    into.FillNull(count);
                    break;
                case BucketFieldKind.Tested:
                    Fill(into, buckets.Tested[at].AsSpan(0, count), [], fields[field].IsBoolean);
                    break;
                case BucketFieldKind.Rows:
                    into.Fill(buckets.Rows.AsSpan(0, count), []);
                    break;
                case BucketFieldKind.Earliest:
                    into.Fill(buckets.EarliestNs.AsSpan(0, count), []);
                    break;
                case BucketFieldKind.Latest:
                    into.Fill(buckets.LatestNs.AsSpan(0, count), []);
                    break;
                case BucketFieldKind.Count:
                    into.Fill(buckets.Columns[at].Counts.AsSpan(0, count), []);
                    break;
                case BucketFieldKind.Nothing:
                    break;
                default:
                    Measure(into, fields[field], buckets.Columns[at], count);
                    break;
            }
        }

        // Where no value is, nothing of it is: null.
        private void Measure(OutputVector into, BucketField field, BucketColumn column, int count)
        {
            Array.Clear(_valid);
            for (var i = 0; i < count; i++)
                if (column.Counts[i] > 0) _valid[i >> 6] |= 1UL << i;
            switch (field.Kind)
            {
                case BucketFieldKind.DoubleSum:
                    into.Fill(column.Doubles.AsSpan(0, count), _valid);
                    break;
                case BucketFieldKind.WholeSum:
                    into.Fill(column.Wholes.AsSpan(0, count), _valid);
                    break;
                default:
                    Fill(into, Of(field.Kind, column).AsSpan(0, count), _valid, field.IsBoolean);
                    break;
            }
        }

        private static long[] Of(BucketFieldKind kind, BucketColumn column) => kind switch
        {
            BucketFieldKind.Least => column.Least,
            BucketFieldKind.Most => column.Most,
            BucketFieldKind.First => column.First,
            BucketFieldKind.FirstTime => column.FirstNs,
            BucketFieldKind.Last => column.Last,
            _ => column.LastNs,
        };

        private static void Fill(OutputVector into, ReadOnlySpan<long> values, ReadOnlySpan<ulong> valid, bool isBoolean)
        {
            if (isBoolean) into.FillBooleans(values, valid);
            else into.Fill(values, valid);
        }
    }
}
