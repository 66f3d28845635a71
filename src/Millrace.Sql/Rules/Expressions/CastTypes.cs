using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>The types that <c>cast</c> knows.</summary>
internal static class CastTypes
{
    /// <summary>By name, in any case: what it converts to, whether only to whole numbers, and whether 2015-10-08 lacks it.</summary>
    public static readonly IReadOnlyDictionary<string, (ValueKind Target, bool Whole, bool Since2016)> All =
        new Dictionary<string, (ValueKind Target, bool Whole, bool Since2016)>(StringComparer.OrdinalIgnoreCase)
        {
            ["String"] = (ValueKind.String, false, false),
            ["Nvarchar"] = (ValueKind.String, false, false),
            ["Text"] = (ValueKind.String, false, false),
            ["Ntext"] = (ValueKind.String, false, false),
            ["Varchar"] = (ValueKind.String, false, false),
            ["Int"] = (ValueKind.Number, true, false),
            ["Integer"] = (ValueKind.Number, true, false),
            ["Double"] = (ValueKind.Number, false, false),
            ["Decimal"] = (ValueKind.Number, false, true),
            ["Bool"] = (ValueKind.Boolean, false, true),
            ["Boolean"] = (ValueKind.Boolean, false, true),
        };
}
