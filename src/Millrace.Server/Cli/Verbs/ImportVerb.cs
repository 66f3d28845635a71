using System.CommandLine;
using Millrace.Contracts.Tables;
using Millrace.Server.Cli.Transfer;

namespace Millrace.Server.Cli.Verbs;

internal static class ImportVerb
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "import",
            "Load Parquet and CSV files into a table: exports of this program, of AWS Timestream's UNLOAD, and any others. Doing it twice changes nothing.",
            "millrace import --table fleet.telemetry --dimensions vin,trip_id june/");
        var files = new Argument<string[]>("FILES") { Description = ".parquet, .csv or .csv.gz; a directory of such, of an export, or of an UNLOAD", Arity = ArgumentArity.OneOrMore };
        var table = new Option<string>("--table") { Description = "database.table", Required = true, HelpName = "DB.TABLE" };
        var url = ServerClient.UrlOption();
        var parameters = new Dictionary<string, Option<string?>>
        {
            ["dimensions"] = new("--dimensions") { Description = "columns that are dimensions [default: those of the table, where it is there]", HelpName = "A,B" },
            ["measures"] = new("--measures") { Description = "columns that are measures [default: all others]", HelpName = "A,B" },
            ["measureName"] = new("--measure-name") { Description = "of all records [default: the column measure_name, or the table's name]", HelpName = "NAME" },
            ["time"] = new("--time") { Description = "the column of the time [default: time]", HelpName = "COLUMN" },
            ["timeUnit"] = new("--time-unit") { Description = "of times that are numbers in a CSV: s, ms, us or ns [default: ms]", HelpName = "UNIT" },
            ["version"] = new("--version-column") { Description = "the column of the version [default: every record has version 1]", HelpName = "COLUMN" },
        };
        verb.Add(files);
        verb.Add(table);
        foreach (var option in parameters.Values) verb.Add(option);
        verb.Add(url);
        verb.SetAction(async (parsed, stop) =>
        {
            var name = parsed.GetRequiredValue(table);
            if (!TableName.TryParse(name, out _)) throw new CliException(Exit.Invalid, "--table must be database.table");
            var given = parameters.Where(one => parsed.GetValue(one.Value) is not null).ToDictionary(static one => one.Key, one => parsed.GetValue(one.Value)!);
            var sources = ImportSources.Of(parsed.GetRequiredValue(files));
            using var server = new ServerClient(context, parsed.GetValue(url));
            return await new ImportRun(context, name, given).RunAsync(server, sources, stop);
        });
        return verb;
    }
}
