namespace Millrace.Server.Api;

/// <summary>All rules, in order of their names.</summary>
public sealed record RulesAnswer(IReadOnlyList<RuleAnswer> Rules);
