namespace Millrace.Server.Api;

/// <summary>All tables.</summary>
public sealed record TablesAnswer(IReadOnlyList<TableAnswer> Tables);
