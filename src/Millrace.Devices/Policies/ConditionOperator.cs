namespace Millrace.Devices.Policies;

/// <summary>How a condition compares, under the name that policies use.</summary>
/// <param name="Name">As <c>ForAnyValue:StringEquals</c>.</param>
/// <param name="Set">Which of several values must hold.</param>
/// <param name="Comparison">Of one value with the policy's.</param>
/// <param name="IsNegated">Holds where no value of the policy fits, and where the connection has no such fact.</param>
internal sealed record ConditionOperator(string Name, ConditionSet Set, Comparison Comparison, bool IsNegated)
{
    private static readonly Dictionary<string, (Comparison Comparison, bool IsNegated)> Plain = new(StringComparer.OrdinalIgnoreCase)
    {
        ["StringEquals"] = (Comparison.Equal, false),
        ["StringNotEquals"] = (Comparison.Equal, true),
        ["StringEqualsIgnoreCase"] = (Comparison.EqualIgnoreCase, false),
        ["StringNotEqualsIgnoreCase"] = (Comparison.EqualIgnoreCase, true),
        ["StringLike"] = (Comparison.Like, false),
        ["StringNotLike"] = (Comparison.Like, true),
        ["Bool"] = (Comparison.Bool, false),
        ["IpAddress"] = (Comparison.Address, false),
        ["NotIpAddress"] = (Comparison.Address, true),
    };

    public static string List { get; } = string.Join(", ", Plain.Keys) + ", and the string ones behind ForAllValues: or ForAnyValue:";

    /// <returns>Null where there is no such operator.</returns>
    public static ConditionOperator? Parse(string name)
    {
        var (set, rest) =
            name.StartsWith("ForAllValues:", StringComparison.OrdinalIgnoreCase) ? (ConditionSet.All, name["ForAllValues:".Length..])
            : name.StartsWith("ForAnyValue:", StringComparison.OrdinalIgnoreCase) ? (ConditionSet.Any, name["ForAnyValue:".Length..])
            : (ConditionSet.One, name);
        if (!Plain.TryGetValue(rest, out var found)) return null;
        return set != ConditionSet.One && found.Comparison is Comparison.Bool or Comparison.Address
            ? null
            : new ConditionOperator(name, set, found.Comparison, found.IsNegated);
    }
}
