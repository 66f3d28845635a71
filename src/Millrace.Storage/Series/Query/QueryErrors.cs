using System.Globalization;
using System.Text.Json;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Storage.Series.Query;

/// <summary>Makes errors for people out of DuckDB's.</summary>
internal static class QueryErrors
{
    /// <param name="failed">What DuckDB says.</param>
    /// <param name="stopped">Why the watch stopped the query, where it did.</param>
    /// <param name="text">The statement.</param>
    /// <param name="prefix">Bytes that were put before it.</param>
    /// <param name="splices">Parts of it that were replaced.</param>
    /// <param name="options">The limits that may have been met.</param>
    public static QueryException Explain(DuckDbException failed, QueryError? stopped, QueryText text, int prefix, Splices? splices, SeriesOptions options)
    {
        switch (stopped)
        {
            case QueryError.Timeout:
                return new QueryException(QueryError.Timeout, $"The query took longer than {options.QueryTime.TotalSeconds:0.#} s and was stopped. Ask for less: a shorter time, fewer series.");
            case QueryError.Memory:
                return Memory();
            case QueryError.Cancelled:
                return new QueryException(QueryError.Cancelled, "The query was cancelled.");
        }

        var error = failed.Kind switch
        {
            "Parser" or "Syntax" => QueryError.Syntax,
            "Catalog" => QueryError.NotFound,
            "Binder" => failed.Message.Contains("not found", StringComparison.Ordinal) ? QueryError.NotFound : QueryError.Syntax,
            "Permission" => QueryError.Refused,
            "Out of Memory" => QueryError.Memory,
            _ => QueryError.Failed,
        };
        if (error == QueryError.Memory) return Memory();
        var position = failed.Position - prefix;
        return Place(error, FirstLines(failed.Message), splices is not null && position is { } at ? splices.Original(at) : position, text);
    }

    public static QueryException Explain(PlacedException refused, QueryText text) => Place(refused.Error, refused.Message, refused.Position, text);

    /// <summary>Why json_serialize_sql has no tree.</summary>
    public static Exception NotSelect(JsonElement answer)
    {
        var message = answer.TryGetProperty("error_message", out var reason) ? reason.GetString() ?? "" : "";
        if (answer.TryGetProperty("error_type", out var type) && type.GetString() != "parser")
            return new PlacedException(QueryError.Refused, "Only a SELECT over tables can be run.", null);
        var position = answer.TryGetProperty("position", out var at) && int.TryParse(at.GetString(), CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        return new DuckDbException("Parser", message, position);
    }

    private static QueryException Place(QueryError error, string message, int? position, QueryText text)
    {
        if (position is not { } at) return new QueryException(error, message);
        if (error == QueryError.Syntax && message.Contains("\"-\"", StringComparison.Ordinal))
            message += " (A name with '-' in it is written in double quotes: \"my-database\".\"my-table\".)";
        var (line, column) = text.PlaceOf(Math.Max(0, at));
        return new QueryException(error, message, line, column);
    }

    private static QueryException Memory() =>
        new(QueryError.Memory, "The query needs more memory than queries may take here. Ask for less: a shorter time, fewer series, or an aggregate in place of rows.");

    // DuckDB's lists of candidate functions can be pages long.
    private static string FirstLines(string message)
    {
        const int lines = 8;
        var all = message.Split('\n');
        return all.Length <= lines ? message.TrimEnd() : string.Join('\n', all.Take(lines)) + "\n…";
    }
}
