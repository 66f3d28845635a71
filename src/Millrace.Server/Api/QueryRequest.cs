namespace Millrace.Server.Api;

/// <summary>One SELECT.</summary>
/// <param name="Sql">Timestream's names: <c>database.table</c>, <c>measure_value::double</c>.</param>
public sealed record QueryRequest(string? Sql);
