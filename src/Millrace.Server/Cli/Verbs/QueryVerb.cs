using System.CommandLine;
using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class QueryVerb
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "query",
            "Ask a running server in SQL.",
            """millrace query "SELECT vin, time, measure_value::double FROM fleet.telemetry WHERE measure_name = 'speed' LIMIT 10" --format csv""");
        var sql = new Argument<string>("SQL") { Description = "one SELECT; tables are named database.table" };
        var format = OutputFormats.Option("table", "csv", "json");
        var url = ServerClient.UrlOption();
        verb.Add(sql);
        verb.Add(format);
        verb.Add(url);
        verb.SetAction((parsed, stop) =>
            RunAsync(context, parsed.GetRequiredValue(sql), OutputFormats.Of(parsed.GetRequiredValue(format)), parsed.GetValue(url), stop));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string sql, OutputFormat format, string? url, CancellationToken stop)
    {
        using var server = new ServerClient(context, url);
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["sql"] = sql });
        var answer = await server.PostAsync("api/v1/query", body, "application/json", stop);
        if (!answer.IsOk)
        {
            WriteError(context.Error, sql, answer);
            return answer.ExitCode;
        }

        var table = new ResultTable([.. answer.Body.Items("columns").Select(static column => column.Text("name"))]);
        foreach (var row in answer.Body.Items("rows")) table.Add([.. row.Items()]);
        table.Write(format, context);
        if (answer.Body.IsTrue("truncated"))
            await context.Error.WriteLineAsync("These are not all rows: the server's limit was reached. Add LIMIT, a time range or an aggregate.");
        if (answer.Body.Member("complete").ValueKind == JsonValueKind.False)
            await context.Error.WriteLineAsync("Not complete yet: the server is still reading back what came in before its last stop.");
        return Exit.Ok;
    }

    private static void WriteError(TextWriter output, string sql, ServerAnswer answer)
    {
        var (line, column) = (answer.Error.Whole("line"), answer.Error.Whole("column"));
        output.WriteLine(SafeText.Clean(line > 0 ? $"{line}:{column}: {answer.Reason}" : answer.Reason));
        foreach (var shown in CaretText.Of(sql, line, column)) output.WriteLine(shown);
    }
}
