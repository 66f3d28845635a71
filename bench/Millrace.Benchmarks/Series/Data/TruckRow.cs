using System.Runtime.CompilerServices;

namespace Millrace.Benchmarks.Series.Data;

/// <summary>One row of either table, as it arrives.</summary>
internal struct TruckRow
{
    /// <summary>Since 1970.</summary>
    public long Seconds;

    /// <summary>See <see cref="TagSets"/>.</summary>
    public int TagSet;

    /// <summary>The one column without a value; -1 where all have one.</summary>
    public int NullColumn;

    public TruckValues Values;
}

/// <summary>As many as the wider table has.</summary>
[InlineArray(7)]
internal struct TruckValues
{
    private double _first;
}
