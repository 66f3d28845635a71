using System.CommandLine;
using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class LedgerVerb
{
    private static readonly string[] Counts = ["matched", "stored", "absorbed", "rejected", "deadLettered", "waiting"];

    public static Verb Create(CliContext context)
    {
        var verb = new Verb("ledger", "Did anything get lost? Ends with 1 when the counts do not balance.", "millrace ledger || echo look into it");
        var format = OutputFormats.Option("table", "json");
        var url = ServerClient.UrlOption();
        verb.Add(format);
        verb.Add(url);
        verb.SetAction((parsed, stop) => RunAsync(context, OutputFormats.Of(parsed.GetRequiredValue(format)), parsed.GetValue(url), stop));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, OutputFormat format, string? url, CancellationToken stop)
    {
        using var server = new ServerClient(context, url);
        var ledger = (await server.GetAsync("api/v1/ledger", stop)).Expect();
        if (format == OutputFormat.Json) await context.Out.WriteLineAsync(ledger.GetRawText());
        else Write(context, ledger);
        return ledger.IsTrue("balanced") ? Exit.Ok : Exit.Failure;
    }

    private static void Write(CliContext context, JsonElement ledger)
    {
        var gateway = ledger.Member("gateway");
        context.Out.WriteLine(SafeText.Clean(
            $"gateway: {gateway.Text("received")} received = {gateway.Text("acknowledged")} acknowledged + {gateway.Text("accepted")} accepted "
            + $"+ {gateway.Text("refused")} refused + {gateway.Text("waiting")} waiting; {gateway.Text("connections")} connections"));
        context.Out.WriteLine(SafeText.Clean($"log: {ledger.Member("log").Text("records")} records"));

        var table = new ResultTable(["flow", "state", "to", .. Counts, "lag", "balanced"]);
        foreach (var flow in ledger.Items("flows"))
            table.Add([
                flow.Member("name"),
                flow.Member("state"),
                Word($"{flow.Text("sink")} {flow.Text("target")}"),
                .. Counts.Select(count => flow.Member("messages").Member(count)),
                flow.Member("lag"),
                Word(flow.IsTrue("balanced") ? "yes" : "NO"),
            ]);
        table.Write(OutputFormat.Table, context);

        foreach (var flow in ledger.Items("flows").Where(static flow => flow.Text("error").Length > 0))
            context.Out.WriteLine(SafeText.Clean($"{flow.Text("name")}: {flow.Text("error")}"));
        context.Out.WriteLine(ledger.IsTrue("balanced") ? "The ledger balances." : "The ledger does NOT balance.");
    }

    private static JsonElement Word(string text) => JsonSerializer.SerializeToElement(text);
}
