using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>What is gathered of one measure in each bucket; how many values it has always is.</summary>
/// <param name="Slot">Of the stored column.</param>
/// <param name="Type">Of the stored column.</param>
internal sealed record BucketMeasure(int Slot, MeasureType Type)
{
    /// <summary>Of Double and Bigint only.</summary>
    public bool Sum { get; set; }

    /// <summary>The smallest and the largest; not of Varchar.</summary>
    public bool Range { get; set; }

    /// <summary>The value of the first row and of the last one that have any, and their times; not of Varchar.</summary>
    public bool Ends { get; set; }
}
