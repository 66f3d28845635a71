using System.Numerics;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Rows on their way into buckets: those of one block, chunk or chain. For one thread.</summary>
/// <param name="spec">What is gathered.</param>
internal sealed class BucketRun(BucketSpec spec)
{
    private readonly bool _all = spec.Tests.Count == 0;
    private readonly ulong[] _wanted = new ulong[RowColumns.Capacity / 64];
    private readonly Source[] _sources = [.. spec.Measures.Select((measure, at) => new Source(at, measure.Slot, spec.Tests.Count > 0))];

    /// <summary>Not before the first ones came.</summary>
    public RowColumns Rows { get; private set; } = null!;

    /// <summary>The next row that is in no bucket yet.</summary>
    public int At { get; private set; }

    /// <summary>The one behind the last.</summary>
    public int End { get; private set; }

    /// <param name="rows">The rows.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="mayChange">Nobody else looks at them.</param>
    public void Begin(RowColumns rows, int first, int count, bool mayChange)
    {
        (Rows, At, End) = (rows, first, first + count);
        if (!_all)
        {
            _wanted.AsSpan().Fill(ulong.MaxValue);
            foreach (var test in spec.Tests) test.Narrow(Column(test.Slot), first, End, _wanted);
        }

        foreach (var source in _sources) source.Begin(Column(source.Slot), _wanted, first, End, mayChange);
    }

    /// <summary>Goes on to the next row that is wanted.</summary>
    /// <returns>False where there is none.</returns>
    public bool SkipUnwanted()
    {
        if (!_all) ToWanted();
        return At < End;
    }

    /// <summary>Keeps what the next row passed the tests with.</summary>
    public void Test(BucketRows into, int bucket)
    {
        for (var i = 0; i < into.Tested.Length; i++)
            if (Column(spec.Tests[i].Slot) is { } column) into.Tested[i][bucket] = column.Bits[At];
    }

    /// <summary>Adds the next rows up to an end.</summary>
    public void AddTo(BucketRows into, int bucket, int end)
    {
        into.Rows[bucket] += _all ? end - At : BucketSums.Count(_wanted, At, end);
        if (spec.Times) Times(into, bucket, end);
        foreach (var source in _sources)
            if (source.Column is { } column) BucketSums.Add(into.Columns[source.At], bucket, column, Rows.TimeNs, source.Present, source.AreOthersZero, At, end);
        At = end;
    }

    /// <summary>Adds the next row, which is wanted.</summary>
    public void AddRowTo(BucketRows into, int bucket)
    {
        into.Rows[bucket]++;
        if (spec.Times) Times(into, bucket, At + 1);
        foreach (var source in _sources)
            if (source.Column is { } column && column.IsValid(At)) BucketSums.Add(into.Columns[source.At], bucket, column.Bits[At], Rows.TimeNs[At]);
        At++;
    }

    private RowColumn? Column(int slot) => slot < Rows.Columns.Length ? Rows.Columns[slot] : null;

    private void ToWanted()
    {
        while (At < End)
        {
            var rest = _wanted[At >> 6] >> At;
            if (rest != 0)
            {
                At += BitOperations.TrailingZeroCount(rest);
                return;
            }

            At = (At | 63) + 1;
        }
    }

    private void Times(BucketRows into, int bucket, int end)
    {
        for (var row = At; row < end; row++)
        {
            if (!_all && (_wanted[row >> 6] >> row & 1) == 0) continue;
            into.EarliestNs[bucket] = Math.Min(into.EarliestNs[bucket], Rows.TimeNs[row]);
            into.LatestNs[bucket] = Math.Max(into.LatestNs[bucket], Rows.TimeNs[row]);
        }
    }

    /// <summary>A stored column that goes into a gathered one.</summary>
    private sealed class Source(int at, int slot, bool isTested)
    {
        /// <summary>Of so many rows one at most is overwritten where it is not there; else those that are there are picked out each time.</summary>
        private const int RowsPerZero = 16;

        private readonly ulong[] _present = isTested ? new ulong[RowColumns.Capacity / 64] : [];

        public int At { get; } = at;

        public int Slot { get; } = slot;

        /// <summary>Null where no row has it.</summary>
        public RowColumn? Column { get; private set; }

        /// <summary>A bit for each row that is wanted and not null.</summary>
        public ulong[] Present { get; private set; } = [];

        /// <summary>What has no value adds nothing, then: neighbours can be added without a look at which have one.</summary>
        public bool AreOthersZero { get; private set; }

        public void Begin(RowColumn? column, ulong[] wanted, int first, int end, bool mayChange)
        {
            Column = column;
            if (column is null) return;
            Present = _present.Length == 0 ? column.Valid : _present;
            for (var word = 0; word < _present.Length; word++) _present[word] = column.Valid[word] & wanted[word];
            AreOthersZero = mayChange && (end - first - BucketSums.Count(Present, first, end)) * RowsPerZero <= end - first;
            if (AreOthersZero) ToZero(column.Bits, first, end);
        }

        private void ToZero(long[] bits, int first, int end)
        {
            for (var word = first >> 6; word <= (end - 1) >> 6; word++)
                for (var others = ~Present[word] & BucketSums.Within(word, first, end); others != 0; others &= others - 1) bits[(word << 6) + BitOperations.TrailingZeroCount(others)] = 0;
        }
    }
}
