namespace Millrace.Sql.Rules.Syntax;

/// <summary>One of what SELECT lists.</summary>
/// <param name="Expression">What it gives.</param>
/// <param name="Alias">The steps behind AS; empty where there is none.</param>
internal sealed record ItemSyntax(Syntax Expression, IReadOnlyList<string> Alias);
