using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Plans;

namespace Millrace.Server.Cli.Verbs;

internal static class RuleExplainVerb
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "explain",
            "Show what a rule's statement is compiled to: what it reads, what is constant, what is slow.",
            """millrace rule explain --sql "SELECT vin, value * (9 / 5) + 32 AS f FROM 'dt/+/telemetry' WHERE value > 40" """);
        var sql = new Option<string>("--sql") { Description = "the statement", HelpName = "SQL", Required = true };
        var version = RuleEvalVerb.VersionOption();
        var lookups = RuleEvalVerb.LookupsOption();
        var json = new Option<bool>("--json") { Description = "for programs" };
        foreach (var option in new Option[] { sql, version, lookups, json }) verb.Add(option);
        verb.SetAction(parsed =>
        {
            var statement = parsed.GetRequiredValue(sql);
            var options = RuleSqlOptions.Default with
            {
                Version = RuleEvalVerb.Of(parsed.GetRequiredValue(version)),
                Lookups = RuleEvalVerb.LookupsIn(context, parsed.GetValue(lookups)),
            };
            if (!RulePlan.TryCreate(statement, options, out var plan, out var error)) return RuleEvalVerb.Refuse(context, statement, error);
            if (parsed.GetValue(json)) context.Out.WriteLine(Json(plan).ToJsonString(Readable));
            else
                foreach (var line in Lines(plan)) context.Out.WriteLine(SafeText.Clean(line));
            return Exit.Ok;
        });
        return verb;
    }

    private static IEnumerable<string> Lines(RulePlan plan)
    {
        yield return Line("topics", plan.Rule.Filter == TopicFilter.None ? "none: only Basic Ingest reaches it" : plan.Rule.Filter.Text);
        yield return Line("payload", PayloadOf(plan));
        foreach (var field in plan.Fields) yield return Line("  field", field);
        foreach (var variable in plan.Variables) yield return Line("set", variable);
        if (plan.Condition is not null) yield return Line("where", plan.Condition);
        foreach (var item in plan.Items) yield return Line("select", item);
        foreach (var (line, column, expression, value) in plan.Constants) yield return Line("constant", $"{line}:{column}: {expression} is {value}");
        foreach (var sentence in plan.Fast) yield return Line("fast", sentence);
        foreach (var (line, column, expression, why) in plan.Slow) yield return Line("slow", $"{line}:{column}: {expression}: {why}");
    }

    private static string Line(string name, string text) => $"{name,-10}{text}";

    private static string PayloadOf(RulePlan plan)
    {
        var output = plan.Rule.IsPassThrough ? "handed on untouched" : "the output is written anew";
        if (!plan.NeedsJson) return $"any bytes; {output}";
        return plan.NeedsObject ? $"must be a JSON object; {output}" : $"must be JSON; {output}";
    }

    private static JsonObject Json(RulePlan plan) => new()
    {
        ["from"] = plan.Rule.Filter == TopicFilter.None ? null : plan.Rule.Filter.Text,
        ["passThrough"] = plan.Rule.IsPassThrough,
        ["needsJson"] = plan.NeedsJson,
        ["needsObject"] = plan.NeedsObject,
        ["fields"] = ListOf(plan.Fields),
        ["variables"] = ListOf(plan.Variables),
        ["where"] = plan.Condition,
        ["select"] = ListOf(plan.Items),
        ["constants"] = new JsonArray([.. plan.Constants.Select(static note => Json(note, "value"))]),
        ["fast"] = ListOf(plan.Fast),
        ["slow"] = new JsonArray([.. plan.Slow.Select(static note => Json(note, "why"))]),
    };

    private static JsonArray ListOf(IEnumerable<string> texts) => [.. texts.Select(static text => (JsonNode)text)];

    private static JsonObject Json(PlanNote note, string name) =>
        new() { ["line"] = note.Line, ["column"] = note.Column, ["expression"] = note.Expression, [name] = note.Text };
}
