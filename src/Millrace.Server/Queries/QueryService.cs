using System.Globalization;
using System.Text.Json;
using Millrace.Server.Api;
using Millrace.Sql.History;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary>Answers queries of people: Timestream's words into the engine's, and the engine's errors back to the place in their own text.</summary>
internal sealed class QueryService(SeriesStore store, Func<bool> isComplete)
{
    private readonly TableStatements _tables = new(store);
    private readonly QueryTexts _texts = new();

    /// <summary>Runs a query of our own making, in the engine's words.</summary>
    public Task<QueryResult> RunAsync(string sql, CancellationToken stop) => store.QueryAsync(sql, stop);

    /// <summary>Writes the answer while it is computed, or why there is none.</summary>
    public async Task AnswerAsync(QueryAsk ask, HttpContext context)
    {
        using var answer = new AnswerStream(context, ask.Format);
        RewrittenSql? rewritten = null;
        try
        {
            rewritten = _texts.InEnginesWords(ask.Sql, out var show);
            var text = rewritten?.Text ?? await _tables.SelectAsync(show!, context.RequestAborted);
            if (ask.Format == QueryFormat.Parquet)
            {
                await SendFileAsync(text, ask, context);
                return;
            }

            var limits = ask.Limits ?? (ask.Format == QueryFormat.Json ? store.QueryLimits : QueryLimits.None);
            var end = await store.StreamAsync(text, limits, answer.Write, context.RequestAborted);
            await answer.EndAsync(end, isComplete());
        }
        catch (QueryException failed)
        {
            if (failed.Error == QueryError.Cancelled && context.RequestAborted.IsCancellationRequested) return;
            var error = ErrorOf(failed, rewritten, ask.Sql);
            if (answer.HasBegun) await answer.FailAsync(error);
            else await QueryApi.RefuseAsync(context, StatusOf(failed.Error), error);
        }
        catch (HistoryException refused)
        {
            var (line, column) = PlaceOf(ask.Sql, refused.Position);
            await QueryApi.RefuseAsync(context, StatusCodes.Status400BadRequest, new ApiError(refused.Message, line, column, "syntax"));
        }
    }

    private async Task SendFileAsync(string sql, QueryAsk ask, HttpContext context)
    {
        await using var file = await store.ParquetAsync(sql, ask.Limits ?? QueryLimits.None, context.RequestAborted);
        context.Response.ContentType = QueryAsk.MediaType(ask.Format);
        context.Response.ContentLength = file.Content.Length;
        context.Response.Headers["Millrace-Rows"] = file.Rows.ToString(CultureInfo.InvariantCulture);
        await file.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static int StatusOf(QueryError error) => error switch
    {
        QueryError.Busy => StatusCodes.Status503ServiceUnavailable,
        QueryError.Cancelled => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };

    private static ApiError ErrorOf(QueryException failed, RewrittenSql? rewritten, string sql)
    {
        var kind = JsonNamingPolicy.CamelCase.ConvertName(failed.Error.ToString());
        if (failed.Line == 0 || rewritten is null) return new ApiError(failed.Message, Kind: kind);
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
