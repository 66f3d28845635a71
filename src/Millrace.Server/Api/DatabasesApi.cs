using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Server.Tables;
using Millrace.Server.Writes;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/databases</c>: databases and their tables, made, changed and deleted while the server runs.</summary>
internal static class DatabasesApi
{
    private const string Example = """{"retention":"30d","memoryRetention":"6h","magneticWrites":true,"futureLimit":"15m","onFuture":"reject"}""";

    public static void MapDatabases(this IEndpointRouteBuilder routes, TableHost tables)
    {
        var group = routes.MapGroup("/api/v1/databases").RefuseInWords().WithTags("tables");
        group.MapGet("", () => new DatabasesAnswer(tables.Databases())).WithSummary("All databases");
        group.MapGet("/{database}", (string database) => Refusals.OrNotFound(tables.FindDatabase(database), $"database {Quote.Name(database)}"))
            .Produces<DatabaseView>().Produces<ErrorAnswer>(404).WithSummary("One database");
        group.MapPut("/{database}", async (string database) =>
                await tables.PutDatabaseAsync(database) ? Results.Created($"/api/v1/databases/{database}", tables.FindDatabase(database)) : Results.Ok(tables.FindDatabase(database)))
            .Produces<DatabaseView>(201).Produces<DatabaseView>().Produces<ErrorAnswer>(400).WithSummary("Makes a database; one that tables are in is there already");
        group.MapDelete("/{database}", async (string database) => Refusals.OrNotFound(await tables.DeleteDatabaseAsync(database), $"database {Quote.Name(database)}"))
            .Produces(204).Produces<ErrorAnswer>(400).Produces<ErrorAnswer>(404).WithSummary("Deletes a database that has no tables");
        MapTables(group, tables);
    }

    private static void MapTables(RouteGroupBuilder group, TableHost tables)
    {
        group.MapGet("/{database}/tables", (string database) =>
                Refusals.OrNotFound(tables.FindDatabase(database) is null ? null : new TableListAnswer([.. tables.List(database).Select(AnswerOf)]), $"database {Quote.Name(database)}"))
            .Produces<TableListAnswer>().Produces<ErrorAnswer>(404).WithSummary("The tables of a database, with their options");
        group.MapGet("/{database}/tables/{table}", (string database, string table) => Found(tables, NameOf(database, table)))
            .Produces<TableDetailsAnswer>().Produces<ErrorAnswer>(404).WithSummary("One table, with its options");
        group.MapPut("/{database}/tables/{table}", async Task<IResult> (string database, string table, HttpContext context) =>
            {
                var name = NameOf(database, table);
                return await tables.PutAsync(name, await ReadAsync(context)) ? Results.Created($"/api/v1/databases/{database}/tables/{table}", AnswerOf(tables.Find(name)!)) : Found(tables, name);
            })
            .Accepts<TableChange>("application/json", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream")
            .Produces<TableDetailsAnswer>(201).Produces<TableDetailsAnswer>().Produces<ErrorAnswer>(400)
            .WithSummary("Makes a table, or changes the options that the body names, which take effect on the rows there are");
        group.MapDelete("/{database}/tables/{table}", async (string database, string table, bool? force, HttpContext context) =>
                Refusals.OrNotFound(await tables.DeleteAsync(NameOf(database, table), force ?? false, context.RequestAborted), $"table {Quote.Name($"{database}.{table}")}"))
            .Produces(204).Produces<ErrorAnswer>(400).Produces<ErrorAnswer>(404)
            .WithSummary("Deletes a table with all its rows; one that a flow writes to or that the pipeline file declares only with ?force=true");
    }

    private static IResult Found(TableHost tables, TableName name) => Refusals.OrNotFound(tables.Find(name) is { } found ? AnswerOf(found) : null, $"table {name}");

    private static TableName NameOf(string database, string table) => TableName.TryParse($"{database}.{table}", out var name)
        ? name
        : throw new FaultException(Fault.Refused, $"{Quote.Text($"{database}.{table}")}: a table is named database.table, of letters, digits, _ and -");

    private static async Task<TableChange> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (body.Length == 0) return new TableChange();
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        try
        {
            using var parsed = JsonDocument.Parse(bytes);
            if (parsed.RootElement.ValueKind != JsonValueKind.Object) throw new FaultException(Fault.Refused, $"the body must be a JSON object, as {Example}");
            string[] known = [.. TablesJson.Default.TableChange.Properties.Select(static property => property.Name)];
            foreach (var given in parsed.RootElement.EnumerateObject())
                if (!known.Contains(given.Name, StringComparer.Ordinal)) throw new FaultException(Fault.Refused, $"{Quote.Name(given.Name)} is no option of a table; {Quote.Meant(given.Name, known)}");
        }
        catch (JsonException wrong)
        {
            throw new FaultException(Fault.Refused, $"the body is not JSON (line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}); it must be as {Example}", wrong);
        }

        try
        {
            return JsonSerializer.Deserialize(bytes.Span, TablesJson.Default.TableChange)!;
        }
        catch (JsonException wrong)
        {
            throw new FaultException(Fault.Refused, $"{wrong.Path?.TrimStart('$', '.')}: has a value of another kind; the body must be as {Example}", wrong);
        }
    }

    private static TableDetailsAnswer AnswerOf(TableView table)
    {
        var (listing, options) = (table.Listing, table.Listing.Options);
        return new TableDetailsAnswer
        {
            Name = table.Name.ToString(),
            MemoryRetention = Durations.TextOf(options.MemoryRetention),
            Retention = options.Retention is { } kept ? Durations.TextOf(kept) : TableChange.Forever,
            MagneticWrites = options.MagneticWrites,
            FutureLimit = Durations.TextOf(options.FutureLimit),
            OnFuture = TableChange.TextOf(options.OnFuture),
            Declared = table.Declared,
            Dimensions = listing.Dimensions,
            Columns = [.. listing.Columns.Where(static column => column.Type is not null).Select(static column => new MeasureAnswer(column.Name, MeasureTypes.NameOf(column.Type!.Value)))],
            MeasureNames =
            [
                .. listing.MeasureNames.Select(static measure => new MeasureAnswer(measure.Name, MeasureTypes.NameOf(measure.Type))),
                .. listing.MultiMeasureNames.Select(static name => new MeasureAnswer(name, "multi")),
            ],
            Series = listing.Series,
            Rows = listing.Rows,
            TimesCorrected = listing.TimesCorrected,
        };
    }
}
