namespace Millrace.Sql.Rules.Syntax;

/// <summary><c>GROUP BY keys, tumbling('1m')</c>.</summary>
/// <param name="At">Where GROUP stands.</param>
/// <param name="Items">Keys and the window, in the order in which they were written.</param>
internal sealed record GroupSyntax(int At, IReadOnlyList<Syntax> Items);

/// <summary>The argument of <c>count(distinct x)</c>.</summary>
internal sealed record DistinctSyntax(int At, Syntax Operand) : Syntax(At, Operand.Depth + 1);
