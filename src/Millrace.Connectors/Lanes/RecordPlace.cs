using Millrace.Contracts.Records;

namespace Millrace.Connectors.Lanes;

/// <summary>Names a record for as long as the log keeps its message: the message's offset, and which of the records that were made of it.</summary>
internal readonly record struct RecordPlace(long Offset, int Ordinal) : IComparable<RecordPlace>
{
    public static RecordPlace None { get; } = new(-1, 0);

    /// <summary>The record after <paramref name="last"/> in a batch that is walked from its first record on.</summary>
    /// <param name="last">The place of the record before it; <see cref="None"/> for the first.</param>
    /// <param name="batch">After the steps.</param>
    /// <param name="index">Of the record.</param>
    public static RecordPlace After(RecordPlace last, RecordBatch batch, int index)
    {
        var offset = batch.Origin[batch.OriginOf(index)].Offset;
        return new RecordPlace(offset, offset == last.Offset ? last.Ordinal + 1 : 0);
    }

    public int CompareTo(RecordPlace other) => Offset != other.Offset ? Offset.CompareTo(other.Offset) : Ordinal.CompareTo(other.Ordinal);

    public static bool operator <(RecordPlace left, RecordPlace right) => left.CompareTo(right) < 0;

    public static bool operator >(RecordPlace left, RecordPlace right) => left.CompareTo(right) > 0;

    public static bool operator <=(RecordPlace left, RecordPlace right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RecordPlace left, RecordPlace right) => left.CompareTo(right) >= 0;
}
