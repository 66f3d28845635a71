using System.Text.Json;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Reads the times that a condition leaves.</summary>
internal sealed class TimeBounds(Mention mention, ConstantTime constants)
{
    /// <summary>No row outside of the range can make the condition true.</summary>
    /// <param name="condition">Any expression.</param>
    /// <param name="exact">Every row inside of it does.</param>
    public TimeRange Of(JsonElement condition, out bool exact)
    {
        exact = false;
        switch (SyntaxTree.Kind(condition))
        {
            case "CONJUNCTION_AND":
                exact = true;
                var both = TimeRange.All;
                foreach (var child in SyntaxTree.Each(condition, "children"))
                {
                    both = both.And(Of(child, out var exactly));
                    exact &= exactly;
                }

                return both;
            case "CONJUNCTION_OR":
                var either = TimeRange.None;
                foreach (var child in SyntaxTree.Each(condition, "children")) either = either.Or(Of(child, out _));
                return either;
            case "COMPARE_BETWEEN":
                return Between(condition, out exact);
            case { } comparison when SyntaxTree.Class(condition) == "COMPARISON":
                return Compared(comparison, condition.GetProperty("left"), condition.GetProperty("right"), out exact);
            default:
                return TimeRange.All;
        }
    }

    private TimeRange Between(JsonElement condition, out bool exact)
    {
        exact = false;
        if (!IsTime(condition.GetProperty("input"))) return TimeRange.All;
        var (from, to) = (constants.Ns(condition.GetProperty("lower")), constants.Ns(condition.GetProperty("upper")));
        exact = from is not null && to is not null;
        return new TimeRange(from ?? long.MinValue, to ?? long.MaxValue);
    }

    private TimeRange Compared(string comparison, JsonElement left, JsonElement right, out bool exact)
    {
        exact = false;
        if (!IsTime(left))
        {
            if (!IsTime(right)) return TimeRange.All;
            (left, right) = (right, left);
            comparison = Turned(comparison);
        }

        if (constants.Ns(right) is not { } ns) return TimeRange.All;
        exact = true;
        switch (comparison)
        {
            case "COMPARE_GREATERTHAN": return TimeRange.MoreThan(ns);
            case "COMPARE_GREATERTHANOREQUALTO": return TimeRange.AtLeast(ns);
            case "COMPARE_LESSTHAN": return TimeRange.LessThan(ns);
            case "COMPARE_LESSTHANOREQUALTO": return TimeRange.AtMost(ns);
            case "COMPARE_EQUAL": return new TimeRange(ns, ns);
            default:
                exact = false;
                return TimeRange.All;
        }
    }

    private static string Turned(string comparison) => comparison switch
    {
        "COMPARE_GREATERTHAN" => "COMPARE_LESSTHAN",
        "COMPARE_GREATERTHANOREQUALTO" => "COMPARE_LESSTHANOREQUALTO",
        "COMPARE_LESSTHAN" => "COMPARE_GREATERTHAN",
        "COMPARE_LESSTHANOREQUALTO" => "COMPARE_GREATERTHANOREQUALTO",
        _ => comparison,
    };

    private bool IsTime(JsonElement node) => mention.Column(node) is { Role: ColumnRole.Time };
}
