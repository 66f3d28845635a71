using Millrace.Contracts.Tables;
using Millrace.Storage.Series;

namespace Millrace.Server.Api;

/// <summary><c>GET /api/v1/tables</c> and <c>GET /api/v1/series?table=&amp;match=&amp;limit=</c>, for choosers: answered from memory.</summary>
internal static class TablesApi
{
    private const int MaxSeries = 1000;

    public static void MapTables(this IEndpointRouteBuilder routes, SeriesStore store)
    {
        routes.MapGet("/api/v1/tables", () => new TablesAnswer([.. store.Tables().Select(AnswerOf)]))
            .WithSummary("All time-series tables, with their dimensions and measures");
        routes.MapGet("/api/v1/series", (string? table, string? match, int? limit) =>
            {
                if (!TableName.TryParse(table, out var name))
                    return Results.Json(new ErrorAnswer(new ApiError("table must be database.table")), Answers.Default.ErrorAnswer, statusCode: 400);
                var most = Math.Clamp(limit ?? 200, 1, MaxSeries);
                return store.Series(name, most, match) is { } found
                    ? Results.Json(new SeriesAnswer([.. found.Series.Select(AnswerOf)], found.More), Answers.Default.SeriesAnswer)
                    : Results.Json(new ErrorAnswer(new ApiError($"there is no table {name}", Kind: "notFound")), Answers.Default.ErrorAnswer, statusCode: 404);
            })
            .Produces<SeriesAnswer>()
            .WithSummary("Series of a table whose dimensions or measure contain a text");
    }

    private static TableAnswer AnswerOf(TableListing table)
    {
        var multi = table.MultiMeasureNames.Count > 0;
        return new TableAnswer(
            table.Name.ToString(),
            table.Dimensions,
            multi
                ? [.. table.Columns.Where(static c => c.Type is not null).Select(static c => new MeasureAnswer(c.Name, SqlName(c.Type!.Value)))]
                : [.. table.MeasureNames.Select(static m => new MeasureAnswer(m.Name, SqlName(m.Type)))],
            multi,
            table.Series);
    }

    private static SeriesListAnswer AnswerOf(SeriesListing series) => new(
        series.Dimensions,
        series.MeasureName,
        series.Type is { } type ? SqlName(type) : null,
        DateTimeOffset.UnixEpoch.AddTicks(series.NewestNs / 100));

    private static string SqlName(MeasureType type) => type.ToString().ToLowerInvariant();
}
