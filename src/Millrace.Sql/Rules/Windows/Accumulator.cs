using System.Buffers;
using Millrace.Sql.Payload;

namespace Millrace.Sql.Rules.Windows;

/// <summary>One aggregate of one group in one window.</summary>
internal abstract class Accumulator
{
    public static Accumulator New(AggregateKind kind) => kind switch
    {
        AggregateKind.CountAll or AggregateKind.Count => new CountAccumulator(),
        AggregateKind.CountDistinct => new DistinctAccumulator(),
        AggregateKind.Sum or AggregateKind.Average or AggregateKind.Deviation => new SumAccumulator(kind),
        AggregateKind.Min => new ExtremeAccumulator(largest: false),
        AggregateKind.Max => new ExtremeAccumulator(largest: true),
        AggregateKind.First => new EndAccumulator(last: false),
        _ => new EndAccumulator(last: true),
    };

    /// <summary>A row, of an aggregate without an argument.</summary>
    public virtual void AddRow()
    {
    }

    /// <param name="value">Neither missing nor null.</param>
    /// <param name="text">Of a string, escapes taken out.</param>
    /// <param name="order">Of its row.</param>
    public abstract void Add(Field value, ReadOnlySpan<byte> text, in RowOrder order);

    /// <param name="other">Of the same kind.</param>
    public abstract void Merge(Accumulator other);

    /// <summary>Writes the value as JSON; nothing where there is none.</summary>
    public abstract void WriteJson(IBufferWriter<byte> output);

    public abstract void Write(BinaryWriter writer);

    public abstract void Read(BinaryReader reader);
}
