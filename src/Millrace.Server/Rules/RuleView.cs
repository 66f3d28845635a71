using System.Text.Json;

namespace Millrace.Server.Rules;

/// <summary>A rule, for whoever asks.</summary>
/// <param name="Name">Of the rule.</param>
/// <param name="Sql">Its statement.</param>
/// <param name="Enabled">Whether it runs.</param>
/// <param name="IsOfPipeline">The pipeline file has it; else it was put at run time.</param>
internal sealed record RuleView(string Name, string Sql, bool Enabled, bool IsOfPipeline)
{
    /// <summary>As it was put; null for one of the pipeline file.</summary>
    public JsonElement? Document { get; init; }

    public DateTimeOffset? Changed { get; init; }
}
