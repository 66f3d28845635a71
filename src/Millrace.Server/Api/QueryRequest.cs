using System.Text.Json;

namespace Millrace.Server.Api;

/// <summary>One SELECT, SHOW, DESCRIBE or EXPLAIN.</summary>
/// <param name="Sql">Timestream's names: <c>database.table</c>, <c>measure_value::double</c>.</param>
/// <param name="Format">json, csv, jsonl or parquet; null: as the header Accept says, or json.</param>
/// <param name="Limit">So many rows at most, or <c>"none"</c>; null: the server's limit for JSON, none for the others.</param>
public sealed record QueryRequest(string? Sql, string? Format = null, JsonElement? Limit = null);
