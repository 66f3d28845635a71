using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Contracts.Tables;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

internal static class TableVerb
{
    private const string Path = "api/v1/databases";

    public static Verb Create(CliContext context) => new(
        "table", "Time-series tables: made, changed and deleted while the server runs.", "millrace table alter fleet.telemetry --retention 30d")
    {
        CreateList(context),
        CreateDescribe(context),
        CreateChange(
            context, "create", "Make a table; one that is not made comes with its first record.",
            "millrace table create fleet.readings --dimensions name,fleet --measures load:bigint --retention 365d", isNew: true),
        CreateChange(
            context, "alter", "Change what is named of a table; the rows there are are kept as it says from now on.",
            "millrace table alter fleet.readings --retention 30d --magnetic-writes false", isNew: false),
        CreateDelete(context),
    };

    private static Verb CreateList(CliContext context)
    {
        var database = new Argument<string?>("DATABASE") { Description = "only its tables", Arity = ArgumentArity.ZeroOrOne };
        var format = OutputFormats.Option("table", "csv", "json");
        return AskingVerb.Create(context, "list", "Show all tables.", "millrace table list fleet", [database, format], async (parsed, server, stop) =>
        {
            string[] columns = ["name", "series", "rows", "memoryRetention", "retention", "magneticWrites", "futureLimit", "onFuture"];
            var table = new ResultTable(columns);
            var databases = parsed.GetValue(database) is { } one
                ? [one]
                : (await server.GetAsync(Path, stop)).Expect().Items("databases").Select(static item => item.Text("name") ?? "").ToArray();
            foreach (var name in databases)
                foreach (var item in (await server.GetAsync($"{Path}/{AskingVerb.Part(name)}/tables", stop)).Expect().Items("tables"))
                    table.Add([.. columns.Select(column => item.Member(column))]);
            table.Write(OutputFormats.Of(parsed.GetRequiredValue(format)), context);
            return Exit.Ok;
        });
    }

    private static Verb CreateDescribe(CliContext context)
    {
        var name = NameArgument();
        return AskingVerb.Create(context, "describe", "Show a table: its options, dimensions and measures.", "millrace table describe fleet.telemetry", [name], async (parsed, server, stop) =>
        {
            var table = (await server.GetAsync(PathOf(parsed.GetRequiredValue(name)), stop)).Expect();
            foreach (var line in Lines(table)) await context.Out.WriteLineAsync(SafeText.Clean(line));
            return Exit.Ok;
        });
    }

    private static Verb CreateChange(CliContext context, string verb, string description, string example, bool isNew)
    {
        var name = NameArgument();
        var dimensions = new Option<string?>("--dimensions") { Description = "columns to make, in the order a query shows them", HelpName = "A,B" };
        var measures = new Option<string?>("--measures") { Description = "types that are not to be taken from the first record: double, bigint, varchar, boolean, timestamp", HelpName = "M:TYPE,…" };
        var memory = new Option<string?>("--memory-retention") { Description = "how old a record may be where magnetic writes are off [default: 6h]", HelpName = "TIME" };
        var retention = new Option<string?>("--retention") { Description = "how long rows are kept, by their own time; forever [default: forever]", HelpName = "TIME" };
        var magnetic = new Option<bool?>("--magnetic-writes") { Description = "whether older records are taken [default: true]", HelpName = "true|false" };
        var future = new Option<string?>("--future-limit") { Description = "how far ahead of its arrival a record may be [default: 15m]", HelpName = "TIME" };
        var onFuture = new Option<string?>("--on-future") { Description = "what becomes of one further ahead: reject, or arrivalTime [default: reject]", HelpName = "RULE" };
        return AskingVerb.Create(context, verb, description, example, [name, dimensions, measures, memory, retention, magnetic, future, onFuture], async (parsed, server, stop) =>
        {
            var path = PathOf(parsed.GetRequiredValue(name));
            var there = (await server.GetAsync(path, stop)).Status != 404;
            if (there == isNew)
                throw new CliException(Exit.Invalid, isNew ? $"There is a table {parsed.GetRequiredValue(name)} already; change it with millrace table alter." : $"There is no table {parsed.GetRequiredValue(name)}; make it with millrace table create.");
            var change = new JsonObject();
            if (Parts(parsed.GetValue(dimensions)) is { } named) change["dimensions"] = new JsonArray([.. named.Select(static part => (JsonNode)part)]);
            if (Parts(parsed.GetValue(measures)) is { } typed) change["measures"] = new JsonObject(typed.Select(TypeOf));
            if (parsed.GetValue(memory) is { } memoryTime) change["memoryRetention"] = memoryTime;
            if (parsed.GetValue(retention) is { } kept) change["retention"] = kept;
            if (parsed.GetValue(magnetic) is { } writes) change["magneticWrites"] = writes;
            if (parsed.GetValue(future) is { } limit) change["futureLimit"] = limit;
            if (parsed.GetValue(onFuture) is { } rule) change["onFuture"] = rule;
            if (!isNew && change.Count == 0) throw new CliException(Exit.Invalid, "say what is to change: --retention 30d");
            (await server.AskAsync(HttpMethod.Put, path, change, stop)).Expect();
            return Exit.Ok;
        });
    }

    private static Verb CreateDelete(CliContext context)
    {
        var name = NameArgument();
        var force = new Option<bool>("--force") { Description = "also where a flow writes to it or the pipeline file declares it: it comes back, empty" };
        return AskingVerb.Create(context, "delete", "Delete a table with all its rows.", "millrace table delete fleet.readings", [name, force], async (parsed, server, stop) =>
        {
            (await server.AskAsync(HttpMethod.Delete, $"{PathOf(parsed.GetRequiredValue(name))}{(parsed.GetValue(force) ? "?force=true" : "")}", null, stop)).Expect();
            return Exit.Ok;
        });
    }

    private static IEnumerable<string> Lines(JsonElement table)
    {
        foreach (var option in (string[])["name", "memoryRetention", "retention", "magneticWrites", "futureLimit", "onFuture", "series", "rows", "timesCorrected"])
            yield return $"{option,-17}{table.Text(option)}";
        if (table.Items("declared").ToArray() is { Length: > 0 } declared) yield return $"{"declared",-17}{string.Join(", ", declared.Select(static item => item.Text()))} (in the pipeline file)";
        foreach (var dimension in table.Items("dimensions")) yield return $"{"dimension",-17}{dimension.Text()}";
        foreach (var measure in table.Items("measureNames")) yield return $"{"measure name",-17}{measure.Text("name")} {measure.Text("type")}";
        foreach (var column in table.Items("columns")) yield return $"{"measure column",-17}{column.Text("name")} {column.Text("type")}";
    }

    private static string[]? Parts(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static KeyValuePair<string, JsonNode?> TypeOf(string text)
    {
        var at = text.LastIndexOf(':');
        return at > 0 ? KeyValuePair.Create<string, JsonNode?>(text[..at], text[(at + 1)..]) : throw new CliException(Exit.Invalid, $"--measures must be as load:bigint,status:varchar, not '{text}'");
    }

    private static string PathOf(string name) => TableName.TryParse(name, out var table)
        ? $"{Path}/{AskingVerb.Part(table.Database)}/tables/{AskingVerb.Part(table.Table)}"
        : throw new CliException(Exit.Invalid, $"A table is named database.table, of letters, digits, _ and -; '{name}' is not.");

    private static Argument<string> NameArgument() => new("TABLE") { Description = "as database.table" };
}
