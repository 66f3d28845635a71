using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class DeadLettersVerb
{
    private const int LongestShown = 200;

    private static readonly string[] Columns = ["at", "flow", "partition", "offset", "topic", "fault", "reason", "encoding", "payload"];

    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "dead-letters",
            "Show what flows could not carry, and why; the newest first.",
            "millrace dead-letters --flow cars-telemetry --limit 5");
        var flow = new Option<string?>("--flow") { Description = "of one flow only", HelpName = "NAME" };
        var limit = new Option<int>("--limit") { Description = "at most so many", DefaultValueFactory = static _ => 20, HelpName = "N" };
        var format = OutputFormats.Option("table", "csv", "json");
        var url = ServerClient.UrlOption();
        verb.Add(flow);
        verb.Add(limit);
        verb.Add(format);
        verb.Add(url);
        verb.SetAction(async (parsed, stop) =>
        {
            using var server = new ServerClient(context, parsed.GetValue(url));
            var filter = parsed.GetValue(flow) is { } name ? $"flow={Uri.EscapeDataString(name)}&" : "";
            var most = parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture);
            var answer = await server.GetAsync($"api/v1/dead-letters?{filter}limit={most}", stop);
            Write(context, OutputFormats.Of(parsed.GetRequiredValue(format)), answer.Expect());
            return Exit.Ok;
        });
        return verb;
    }

    private static void Write(CliContext context, OutputFormat format, JsonElement answer)
    {
        var table = new ResultTable(Columns);
        foreach (var letter in answer.Items("deadLetters"))
            table.Add([.. Columns.Select(column => Cell(letter, column, format))]);
        table.Write(format, context);
    }

    private static JsonElement Cell(JsonElement letter, string column, OutputFormat format)
    {
        var cell = letter.Member(column);
        return format == OutputFormat.Table && column == "payload" && cell.Text() is { Length: > LongestShown } text
            ? JsonSerializer.SerializeToElement(text[..LongestShown] + "…")
            : cell;
    }
}
