using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class QueryVerb
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "query",
            "Ask a running server in SQL.",
            """millrace query "SELECT vin, time, measure_value::double FROM fleet.telemetry WHERE measure_name = 'speed' LIMIT 10" --format csv --output speed.csv""");
        var sql = new Argument<string>("SQL") { Description = "one SELECT, SHOW, DESCRIBE or EXPLAIN; tables are named database.table" };
        var format = OutputFormats.Option("table", "csv", "json", "jsonl", "parquet");
        var output = new Option<string?>("--output", "-o") { Description = "a file in place of the standard output; it is there when it is whole", HelpName = "FILE" };
        var limit = new Option<string?>("--limit") { Description = "rows at most, or none [default: the server's limit for table and json, none for the others]", HelpName = "N|none" };
        var url = ServerClient.UrlOption();
        foreach (var part in (Option[])[format, output, limit, url]) verb.Add(part);
        verb.Add(sql);
        verb.SetAction((parsed, stop) =>
        {
            var asked = new QueryRun(context, parsed.GetRequiredValue(sql), OutputFormats.Of(parsed.GetRequiredValue(format)), parsed.GetValue(output), parsed.GetValue(limit));
            return asked.RunAsync(parsed.GetValue(url), stop);
        });
        return verb;
    }

    /// <summary>Shows a server's refusal, with its place in the statement.</summary>
    public static void WriteError(TextWriter output, string sql, ServerAnswer answer)
    {
        var (line, column) = (answer.Error.Whole("line"), answer.Error.Whole("column"));
        output.WriteLine(SafeText.Clean(line > 0 ? $"{line}:{column}: {answer.Reason}" : answer.Reason));
        foreach (var shown in CaretText.Of(sql, line, column)) output.WriteLine(shown);
    }

    /// <summary>The body of a request.</summary>
    public static ReadOnlyMemory<byte> Body(string sql, string? format, string? limit)
    {
        var body = new JsonObject { ["sql"] = sql };
        if (format is not null) body["format"] = format;
        if (limit is not null) body["limit"] = limit;
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
