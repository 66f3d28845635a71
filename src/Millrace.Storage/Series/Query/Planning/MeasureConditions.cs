using System.Text.Json;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Query.Buckets;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Reads conditions that compare a measure with a constant.</summary>
internal static class MeasureConditions
{
    /// <returns>What the rows are tested for, and the measure; null where it is no such condition, or not certain.</returns>
    public static (MeasureTest Test, ShapeColumn Column)? Of(JsonElement condition, Mention mention)
    {
        if (SyntaxTree.Class(condition) == "OPERATOR" && SyntaxTree.Kind(condition) is "OPERATOR_IS_NULL" or "OPERATOR_IS_NOT_NULL")
        {
            var isNull = SyntaxTree.Kind(condition) == "OPERATOR_IS_NULL";
            return mention.Column(condition.GetProperty("children")[0]) is { Role: ColumnRole.Measure } column && column.Type != MeasureType.Varchar
                ? (new MeasureTest(column.At, column.Type, isNull ? Comparison.Null : Comparison.NotNull, 0), column) : null;
        }

        if (SyntaxTree.Class(condition) != "COMPARISON") return null;
        var (left, right) = (condition.GetProperty("left"), condition.GetProperty("right"));
        var turned = mention.Column(left) is null;
        if (turned) (left, right) = (right, left);
        if (mention.Column(left) is not { Role: ColumnRole.Measure } measure || How(SyntaxTree.Kind(condition)!, turned) is not { } how) return null;
        return MeasureConstant.Bits(right, measure.Type) is { } bits ? (new MeasureTest(measure.At, measure.Type, how, bits), measure) : null;
    }

    private static Comparison? How(string kind, bool turned) => (kind, turned) switch
    {
        ("COMPARE_EQUAL", _) => Comparison.Equal,
        ("COMPARE_NOTEQUAL", _) => Comparison.NotEqual,
        ("COMPARE_LESSTHAN", false) or ("COMPARE_GREATERTHAN", true) => Comparison.Less,
        ("COMPARE_LESSTHANOREQUALTO", false) or ("COMPARE_GREATERTHANOREQUALTO", true) => Comparison.LessOrEqual,
        ("COMPARE_GREATERTHAN", false) or ("COMPARE_LESSTHAN", true) => Comparison.Greater,
        ("COMPARE_GREATERTHANOREQUALTO", false) or ("COMPARE_LESSTHANOREQUALTO", true) => Comparison.GreaterOrEqual,
        _ => null,
    };
}
