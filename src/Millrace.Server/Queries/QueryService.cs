using System.Text.Json;
using Millrace.Server.Api;
using Millrace.Sql.History;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary>Answers queries of people: Timestream's words into the engine's, and the engine's errors back to the place in their own text.</summary>
internal sealed class QueryService(SeriesStore store, Func<bool> isComplete)
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>Runs a query of our own making, in the engine's words.</summary>
    public Task<QueryResult> RunAsync(string sql, CancellationToken stop) => store.QueryAsync(sql, stop);

    /// <summary>Writes the answer, or why there is none.</summary>
    public async Task AnswerAsync(string sql, HttpContext context)
    {
        var rewritten = MeasureNames.Rewrite(sql);
        try
        {
            using var result = await store.QueryAsync(rewritten.Text, context.RequestAborted);
            await WriteAsync(result, context);
        }
        catch (QueryException failed)
        {
            if (failed.Error == QueryError.Cancelled && context.RequestAborted.IsCancellationRequested) return;
            await QueryApi.RefuseAsync(context, StatusOf(failed.Error), ErrorOf(failed, rewritten, sql));
        }
    }

    private async Task WriteAsync(QueryResult result, HttpContext context)
    {
        var complete = isComplete();
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        await result.WriteToAsync(json, async () =>
        {
            if (json.BytesPending + json.BytesCommitted < FlushBytes) return;
            await json.FlushAsync(context.RequestAborted);
        });
        json.WriteBoolean("truncated", result.Truncated);
        json.WriteBoolean("complete", complete);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    private static int StatusOf(QueryError error) => error switch
    {
        QueryError.Busy => StatusCodes.Status503ServiceUnavailable,
        QueryError.Cancelled => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    private static ApiError ErrorOf(QueryException failed, RewrittenSql rewritten, string sql)
    {
        var kind = JsonNamingPolicy.CamelCase.ConvertName(failed.Error.ToString());
        if (failed.Line == 0) return new ApiError(failed.Message, Kind: kind);
        var (line, column) = PlaceOf(sql, rewritten.OriginalPosition(PositionOf(rewritten.Text, failed.Line, failed.Column)));
        return new ApiError(failed.Message, line, column, kind);
    }

    private static int PositionOf(string text, int line, int column)
    {
        var at = 0;
        for (; line > 1; line--) at = text.IndexOf('\n', at) + 1;
        return at + column - 1;
    }

    private static (int Line, int Column) PlaceOf(string text, int position)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
