using System.Text;

namespace Millrace.Devices.Policies;

/// <summary>One statement of a policy, compiled.</summary>
internal sealed record PolicyStatement
{
    /// <summary>From 0.</summary>
    public required int Index { get; init; }

    public string? Sid { get; init; }

    public required bool IsDeny { get; init; }

    public required PolicyActions Actions { get; init; }

    /// <summary>What follows the account in the ARN, as <c>topic/a/*</c>; <c>*</c> for everything.</summary>
    public required IReadOnlyList<PolicyText> Resources { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>Whether it says the same to every connection.</summary>
    public bool IsConstant => Conditions.Count == 0 && !Resources.Any(static resource => resource.HasVariables);

    /// <returns>Null where all conditions hold for a connection; else why one does not.</returns>
    public string? Unmet(RequestContext? context)
    {
        foreach (var condition in Conditions)
            if (condition.Unmet(context!) is { } why) return why;
        return null;
    }

    /// <summary>Patterns for the names that an action goes to: topics, filters, client ids.</summary>
    /// <param name="action">One of <see cref="Actions"/>.</param>
    /// <param name="context">Null where the statement is constant.</param>
    /// <param name="missing">Variables of resources that have no value for the connection: these resources match nothing.</param>
    public List<byte[]> Patterns(PolicyActions action, RequestContext? context, out string? missing)
    {
        var type = Encoding.ASCII.GetBytes(ActionNames.ResourceType(action));
        var patterns = new List<byte[]>();
        missing = null;
        foreach (var resource in Resources)
        {
            if (resource.Resolve(context, out var variable) is { } pattern) patterns.AddRange(Glob.After(pattern, type));
            else missing = variable;
        }

        return patterns;
    }
}
