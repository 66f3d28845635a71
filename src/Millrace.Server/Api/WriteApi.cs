using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Millrace.Server.Writes;
using Millrace.Storage.Series;

namespace Millrace.Server.Api;

/// <summary><c>POST /api/v1/write</c>: records into tables, as Timestream's WriteRecords or as CSV.</summary>
internal static class WriteApi
{
    /// <summary>Timestream's status of an answer to records of which some were rejected; the others are stored.</summary>
    private const int SomeRejected = 419;

    /// <summary>10,000 records of Timestream's usual size; it must fit into a record of the log.</summary>
    private const int MaxJson = 4_000_000;

    private const string Message = "One or more records have been rejected. See RejectedRecords for details.";

    public static void MapWrite(this IEndpointRouteBuilder routes, WriteLog log, SeriesStore store)
    {
        var group = routes.MapGroup("/api/v1/write").RefuseInWords().WithTags("tables");
        group.MapPost("", async Task<IResult> (HttpContext context) =>
            {
                var isCsv = context.Request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) == true || context.Request.Query.ContainsKey("table");
                context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = isCsv ? null : MaxJson;
                return isCsv ? await WriteCsvAsync(context, log, store) : await WriteJsonAsync(context, log);
            })
            .Accepts<JsonElement>("application/json", "text/csv", "application/x-amz-json-1.0", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream")
            .Produces<WriteRecordsAnswer>().Produces<WriteRecordsAnswer>(SomeRejected).Produces<ErrorAnswer>(400)
            .WithSummary("Writes records into a table: the JSON of Timestream's WriteRecords, or text/csv with ?table=db.t&dimensions=a,b; the answer means that they are safe and visible");
    }

    private static async Task<IResult> WriteJsonAsync(HttpContext context, WriteLog log)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        var body = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        try
        {
            using var parsed = JsonDocument.Parse(body);
            _ = WriteRecords.Check(parsed.RootElement);
        }
        catch (JsonException wrong)
        {
            return Refusals.Refused($"the body is not JSON: {wrong.Message} A CSV needs the content type text/csv and ?table=database.table");
        }

        var result = await (await log.AppendAsync(isCsv: false, body, context.RequestAborted)).WaitAsync(context.RequestAborted);
        if (result.Refused is { } refused) return Refusals.Refused(refused);
        var answer = new WriteRecordsAnswer(Ingested(result));
        if (result.Rejected > 0) answer = answer with { Message = Message, RejectedRecords = [.. result.First.OrderBy(static record => record.RecordIndex)] };
        return Results.Json(answer, WriteAnswers.Default.WriteRecordsAnswer, statusCode: result.Rejected > 0 ? SomeRejected : 200);
    }

    private static async Task<IResult> WriteCsvAsync(HttpContext context, WriteLog log, SeriesStore store)
    {
        var request = CsvRequest.Of(context.Request.Query.Select(static parameter => KeyValuePair.Create(parameter.Key, parameter.Value.ToString())));
        var result = await new CsvUpload(log, request, () => store.DimensionsOf(request.Table)).RunAsync(context.Request.Body, context.RequestAborted);
        var answer = new WriteLinesAnswer(
            Ingested(result), result.Absorbed, result.TimesCorrected, result.Rejected,
            [.. result.First.Select(static line => new RejectedLine(line.RecordIndex, line.Reason, line.ExistingVersion))]);
        return Results.Json(answer, Answers.Default.WriteLinesAnswer, statusCode: result.Rejected > 0 ? SomeRejected : 200);
    }

    private static RecordsIngested Ingested(WriteResult result) => new(result.Stored, result.Stored - result.Magnetic, result.Magnetic);
}
