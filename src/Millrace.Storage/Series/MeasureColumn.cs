using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>A measure of multi-measure records.</summary>
internal sealed class MeasureColumn(string name)
{
    public string Name { get; } = name;

    /// <summary>Fixed by the first value, or declared.</summary>
    public MeasureType? Type { get; set; }

    /// <summary>The number of the last record that had it, so that one which has it twice is seen.</summary>
    public int Record { get; set; }

    /// <summary>Its place among the stored columns; -1 before the first value.</summary>
    public int Slot { get; set; } = -1;
}
