using System.Buffers;
using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Windows;

/// <summary><c>sum</c>, <c>avg</c> and <c>stddev</c>: exact sums of decimals with 34 digits, so that the order of rows does not matter.</summary>
internal sealed class SumAccumulator(AggregateKind kind) : Accumulator
{
    private long _count;
    private Number _sum;
    private Number _squares;

    // A sum beyond 10^1000 is none any more, whatever is added.
    private bool _lost;

    public override void Add(Field value, ReadOnlySpan<byte> text, in RowOrder order)
    {
        if (value.Kind != FieldKind.Number || !Number.TryParse(value.Raw, out var number)) return;
        _count++;
        _lost |= !Number.TryAdd(_sum, number, out _sum);
        if (kind == AggregateKind.Deviation) _lost |= !Number.TryMultiply(number, number, out var square) || !Number.TryAdd(_squares, square, out _squares);
    }

    public override void Merge(Accumulator other)
    {
        var more = (SumAccumulator)other;
        _count += more._count;
        _lost |= more._lost;
        _lost |= !Number.TryAdd(_sum, more._sum, out _sum);
        _lost |= !Number.TryAdd(_squares, more._squares, out _squares);
    }

    public override void WriteJson(IBufferWriter<byte> output)
    {
        if (_count == 0 || _lost) return;
        var known = kind switch
        {
            AggregateKind.Sum => (true, _sum),
            AggregateKind.Average => (Number.TryDivide(_sum, Number.Of(_count), out var mean), mean),
            _ => (TryDeviation(out var deviation), deviation),
        };
        if (known.Item1) Value.Of(known.Item2).WriteJson(output);
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64(_count);
        writer.Write(_lost);
        Numbers.Write(writer, _sum);
        if (kind == AggregateKind.Deviation) Numbers.Write(writer, _squares);
    }

    public override void Read(BinaryReader reader)
    {
        _count = reader.Read7BitEncodedInt64();
        _lost = reader.ReadBoolean();
        _sum = Numbers.Read(reader);
        if (kind == AggregateKind.Deviation) _squares = Numbers.Read(reader);
    }

    /// <summary>Of a sample, as <c>stddev</c> is in SQL: there is none of a single value.</summary>
    private bool TryDeviation(out Number deviation)
    {
        deviation = default;
        if (_count < 2) return false;
        if (!Number.TryMultiply(_sum, _sum, out var whole) || !Number.TryDivide(whole, Number.Of(_count), out var mean)) return false;
        if (!Number.TryAdd(_squares, Number.Negate(mean), out var spread)) return false;
        return Number.TryDivide(spread, Number.Of(_count - 1), out var variance) && Number.TryOf(Math.Sqrt(Math.Max(0, variance.ToDouble())), out deviation);
    }
}
