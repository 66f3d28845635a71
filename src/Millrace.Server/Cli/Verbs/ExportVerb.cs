using System.CommandLine;
using System.Globalization;
using Millrace.Contracts.Tables;
using Millrace.Server.Cli.Transfer;

namespace Millrace.Server.Cli.Verbs;

internal static class ExportVerb
{
    private static readonly string[] Formats = ["parquet", "csv", "jsonl"];

    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "export",
            "Write the rows of a table into files, a file a day, with their sums.",
            "millrace export --table fleet.telemetry --from 2026-06-01 --to 2026-07-01 --output june");
        var table = new Option<string>("--table") { Description = "database.table", Required = true, HelpName = "DB.TABLE" };
        var from = new Option<string?>("--from") { Description = "the first time, UTC where it names no other zone [default: the oldest row]", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "the end, not within [default: the newest row]", HelpName = "TIME" };
        var output = new Option<string>("--output", "-o") { Description = "a new directory; or one file, named .parquet, .csv or .jsonl", Required = true, HelpName = "DIR|FILE" };
        var format = new Option<string>("--format") { Description = "parquet, csv or jsonl [default: parquet, or what the file's name says]" };
        format.AcceptOnlyFromAmong(Formats);
        var hive = new Option<bool>("--hive") { Description = "a directory day=… for each day, as DuckDB, Spark and Athena read partitions" };
        var url = ServerClient.UrlOption();
        foreach (var option in (Option[])[table, from, to, output, format, hive, url]) verb.Add(option);
        verb.SetAction(async (parsed, stop) =>
        {
            var path = parsed.GetRequiredValue(output);
            var ending = Array.Find(Formats, ending => path.EndsWith($".{ending}", StringComparison.OrdinalIgnoreCase));
            var chosen = parsed.GetValue(format) ?? ending ?? "parquet";
            if (ending is not null && ending != chosen) throw new CliException(Exit.Invalid, $"--format {chosen} does not go with a file named .{ending}");
            if (!TableName.TryParse(parsed.GetRequiredValue(table), out var name)) throw new CliException(Exit.Invalid, "--table must be database.table");
            var run = new ExportRun(context, name, Time(parsed.GetValue(from), "--from"), Time(parsed.GetValue(to), "--to"), chosen, parsed.GetValue(hive));
            using var server = new ServerClient(context, parsed.GetValue(url));
            return ending is null ? await run.ToDirectoryAsync(server, path, stop) : await run.ToFileAsync(server, path, stop);
        });
        return verb;
    }

    private static DateTimeOffset? Time(string? text, string option)
    {
        if (text is null) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new CliException(Exit.Invalid, $"{option} must be as 2026-06-01 or 2026-06-01T08:00:00Z, not '{text}'");
    }
}
