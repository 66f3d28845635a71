using System.Text.Json;
using Millrace.Server.Rules;

namespace Millrace.Server.Api;

/// <summary>A rule.</summary>
/// <param name="Name">Of the rule.</param>
/// <param name="Sql">Its statement.</param>
/// <param name="Enabled">Whether it runs.</param>
/// <param name="From">What it is changed by: <c>api</c>, or <c>pipeline</c> for one of the pipeline file.</param>
/// <param name="Document">As it was put; null for one of the pipeline file.</param>
/// <param name="Changed">When it was put last; null for one of the pipeline file.</param>
/// <param name="Problem">Why it does not run though it is enabled; null where it does.</param>
public sealed record RuleAnswer(string Name, string Sql, bool Enabled, string From, JsonElement? Document, DateTimeOffset? Changed, string? Problem)
{
    internal static RuleAnswer Of(RuleView rule, RuleHost rules) => new(
        rule.Name, rule.Sql, rule.Enabled, rule.IsOfPipeline ? "pipeline" : "api", rule.Document, rule.Changed, rules.HeldBack.GetValueOrDefault(rule.Name));
}
