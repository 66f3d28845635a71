namespace Millrace.Storage.Series;

/// <summary>What one generation holds, in all tables. Under the store's lock.</summary>
internal sealed class HotTotals
{
    public long Rows { get; set; }

    /// <summary>Memory they take, about.</summary>
    public long Bytes { get; set; }
}
