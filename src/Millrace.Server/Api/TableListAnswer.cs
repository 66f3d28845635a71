namespace Millrace.Server.Api;

/// <summary>Tables of a database, ordered by name.</summary>
public sealed record TableListAnswer(IReadOnlyList<TableDetailsAnswer> Tables);
