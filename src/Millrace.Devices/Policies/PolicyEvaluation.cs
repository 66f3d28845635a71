using System.Text;

namespace Millrace.Devices.Policies;

/// <summary>One question to policies, answered with the reasons. Connections ask a <see cref="Ruling"/>, which is made of the same statements.</summary>
internal static class PolicyEvaluation
{
    /// <param name="policies">With their names.</param>
    /// <param name="action">One action.</param>
    /// <param name="name">What it goes to: a topic, a filter, a client id.</param>
    /// <param name="context">The connection.</param>
    public static PolicyDecision Decide(
        IReadOnlyList<(string Name, PolicyDocument Document)> policies, PolicyActions action, string name, RequestContext context)
    {
        var resource = Encoding.UTF8.GetBytes(name);
        var passedOver = new List<string>();
        (string Policy, PolicyStatement Statement)? allowing = null;
        foreach (var (policy, document) in policies)
        {
            foreach (var statement in document.Statements.Where(statement => statement.Actions.HasFlag(action)))
            {
                if (WhyNot(statement, action, resource, context) is { } why)
                    passedOver.Add($"{NameOf(policy, statement)}: {why}");
                else if (statement.IsDeny)
                    return Decided(false, policy, statement, passedOver);
                else
                    allowing ??= (policy, statement);
            }
        }

        if (allowing is { } found) return Decided(true, found.Policy, found.Statement, passedOver);
        var asked = $"{ActionNames.NameOf(action)} on {ActionNames.ResourceType(action)}{name}";
        return new PolicyDecision(false, null, null, null, policies.Count == 0 ? "there is no policy" : $"no statement allows {asked}", passedOver);
    }

    private static string? WhyNot(PolicyStatement statement, PolicyActions action, byte[] resource, RequestContext context)
    {
        if (statement.Unmet(context) is { } unmet) return unmet;
        var patterns = statement.Patterns(action, context, out var missing);
        return patterns.Exists(pattern => Glob.Matches(pattern, resource)) ? null
            : missing is not null ? $"the variable {missing} has no value for this client"
            : "no resource of it fits";
    }

    private static PolicyDecision Decided(bool allowed, string policy, PolicyStatement statement, List<string> passedOver) =>
        new(allowed, policy, statement.Index, statement.Sid, $"{NameOf(policy, statement)} {(allowed ? "allows" : "denies")} it", passedOver);

    private static string NameOf(string policy, PolicyStatement statement) =>
        statement.Sid is { } sid ? $"policy {policy}, statement {statement.Index} ({sid})" : $"policy {policy}, statement {statement.Index}";
}
