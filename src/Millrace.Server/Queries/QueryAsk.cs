using System.Text.Json;
using Millrace.Server.Api;
using Millrace.Storage.Series.Query;

namespace Millrace.Server.Queries;

/// <summary>A query as it was asked.</summary>
/// <param name="Sql">In Timestream's words.</param>
/// <param name="Format">How it wants its answer.</param>
/// <param name="Limits">Null: those of the server for JSON, which can say that there was more; none for the other formats, which cannot.</param>
internal sealed record QueryAsk(string Sql, QueryFormat Format, QueryLimits? Limits)
{
    private static readonly (string Name, string MediaType, QueryFormat Format)[] Formats =
    [
        ("json", "application/json", QueryFormat.Json),
        ("csv", "text/csv", QueryFormat.Csv),
        ("jsonl", "application/jsonl", QueryFormat.JsonLines),
        ("jsonl", "application/x-ndjson", QueryFormat.JsonLines),
        ("parquet", "application/vnd.apache.parquet", QueryFormat.Parquet),
    ];

    public static string MediaType(QueryFormat format) => Array.Find(Formats, known => known.Format == format).MediaType;

    /// <summary>What the body says goes before what stands behind the address, and that before the header Accept.</summary>
    /// <returns>The query; or null and why it is none.</returns>
    public static (QueryAsk? Ask, string Problem) Read(QueryRequest? request, HttpRequest http)
    {
        if (string.IsNullOrWhiteSpace(request?.Sql)) return (null, """the body must be JSON with the statement: {"sql":"SELECT …"}""");
        var name = request.Format ?? Asked(http, "format");
        var format = name is null ? Accepted(http) : Of(name);
        if (format is not { } known) return (null, $"format is json, csv, jsonl or parquet, and not {Short(name)}");
        var text = request.Limit is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given ? given.ToString() : Asked(http, "limit");
        if (text is null) return (new QueryAsk(request.Sql, known, null), "");
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) return (new QueryAsk(request.Sql, known, QueryLimits.None), "");
        return long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var rows) && rows > 0
            ? (new QueryAsk(request.Sql, known, QueryLimits.None with { Rows = rows }), "")
            : (null, $"limit is a number of rows from 1, or none, and not {Short(text)}");
    }

    private static string? Asked(HttpRequest http, string name) => http.QueryString.HasValue ? http.Query[name].FirstOrDefault() : null;

    private static QueryFormat? Of(string name)
    {
        var found = Array.Find(Formats, known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return found.Name is null ? null : found.Format;
    }

    // The first that is known counts; weights are not looked at, and whoever takes anything gets JSON.
    private static QueryFormat Accepted(HttpRequest http)
    {
        if (http.Headers.Accept.Count == 0) return QueryFormat.Json;
        foreach (var one in http.Headers.Accept.SelectMany(static header => (header ?? "").Split(',')))
        {
            var type = one.Split(';')[0].Trim();
            var found = Array.Find(Formats, known => known.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase));
            if (found.Name is not null) return found.Format;
        }

        return QueryFormat.Json;
    }

    private static string Short(string? text) => text is null ? "nothing" : text.Length > 40 ? $"{text[..40]}…" : text;
}
