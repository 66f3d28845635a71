using Millrace.Contracts.Tables;

namespace Millrace.Flows.Options;

/// <summary>A column of a lake's Parquet files whose type does not depend on the values of a file.</summary>
/// <param name="Name">Of the field.</param>
/// <param name="Type">Null: what was written is none.</param>
public sealed record LakeColumn(string Name, MeasureType? Type)
{
    /// <summary>That may be declared.</summary>
    public const int Most = 500;

    /// <summary>In characters.</summary>
    public const int LongestName = 128;

    /// <summary>By their names in SQL.</summary>
    public static IReadOnlyDictionary<string, MeasureType> Types { get; } = new Dictionary<string, MeasureType>
    {
        ["boolean"] = MeasureType.Boolean,
        ["bigint"] = MeasureType.Bigint,
        ["double"] = MeasureType.Double,
        ["varchar"] = MeasureType.Varchar,
    };
}
