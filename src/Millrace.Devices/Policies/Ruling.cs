using System.Numerics;

namespace Millrace.Devices.Policies;

/// <summary>What policies come to for one connection, or for all where they say the same to all: patterns, with the variables put in. Immutable.</summary>
internal sealed class Ruling
{
    /// <summary>From <see cref="PolicyActions.Publish"/> on.</summary>
    private const PolicyActions Kept = PolicyActions.Publish | PolicyActions.Receive | PolicyActions.Subscribe | PolicyActions.RetainPublish;

    private readonly Rules[] _rules = new Rules[4];

    private Ruling(IReadOnlyList<PolicyDocument> policies, RequestContext? context)
    {
        for (var i = 0; i < _rules.Length; i++) _rules[i] = RulesOf(policies, (PolicyActions)((int)PolicyActions.Publish << i), context);
    }

    /// <param name="policies">All that are attached.</param>
    /// <param name="context">The connection.</param>
    public static Ruling For(IReadOnlyList<PolicyDocument> policies, RequestContext context) => new(policies, context);

    /// <returns>Null where the policies say different things to different connections.</returns>
    public static Ruling? ForAll(IReadOnlyList<PolicyDocument> policies) =>
        policies.SelectMany(static policy => policy.Statements).All(static statement => (statement.Actions & Kept) == 0 || statement.IsConstant)
            ? new Ruling(policies, null)
            : null;

    /// <returns>The answer where it is the same for every topic; else null.</returns>
    public bool? Always(PolicyActions action) => _rules[IndexOf(action)].Always;

    public bool Allows(PolicyActions action, ReadOnlySpan<byte> name)
    {
        var rules = _rules[IndexOf(action)];
        foreach (var pattern in rules.Denied)
            if (Glob.Matches(pattern, name)) return false;
        foreach (var pattern in rules.Allowed)
            if (Glob.Matches(pattern, name)) return true;
        return false;
    }

    private static int IndexOf(PolicyActions action) => BitOperations.TrailingZeroCount((int)action) - 1;

    private static Rules RulesOf(IReadOnlyList<PolicyDocument> policies, PolicyActions action, RequestContext? context)
    {
        var (allowed, denied) = (new List<byte[]>(), new List<byte[]>());
        foreach (var statement in policies.SelectMany(static policy => policy.Statements))
            if (statement.Actions.HasFlag(action) && statement.Unmet(context) is null)
                (statement.IsDeny ? denied : allowed).AddRange(statement.Patterns(action, context, out _));

        bool? always =
            allowed.Count == 0 || denied.Exists(static pattern => Glob.IsAnything(pattern)) ? false
            : denied.Count == 0 && allowed.Exists(static pattern => Glob.IsAnything(pattern)) ? true
            : null;
        return always is null ? new Rules([.. allowed], [.. denied], null) : new Rules(always.Value ? [[Glob.Run]] : [], [], always);
    }

    private readonly record struct Rules(byte[][] Allowed, byte[][] Denied, bool? Always);
}
