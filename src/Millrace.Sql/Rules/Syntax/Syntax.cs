namespace Millrace.Sql.Rules.Syntax;

/// <summary>An expression as it was written.</summary>
/// <param name="At">The character of the statement to name in an error.</param>
/// <param name="Depth">How many expressions stand in each other here: evaluation goes that deep on the stack.</param>
internal abstract record Syntax(int At, int Depth);

internal sealed record NumberSyntax(int At, string Text) : Syntax(At, 1);

internal sealed record StringSyntax(int At, string Text) : Syntax(At, 1);

/// <summary>TRUE, FALSE, or NULL.</summary>
internal sealed record WordSyntax(int At, bool? Value) : Syntax(At, 1);

/// <summary>An attribute of the payload.</summary>
internal sealed record NameSyntax(int At, string Name) : Syntax(At, 1);

/// <summary><c>*</c>: the whole payload.</summary>
internal sealed record StarSyntax(int At) : Syntax(At, 1);

/// <summary><c>of.name</c></summary>
internal sealed record MemberSyntax(int At, Syntax Of, string Name) : Syntax(At, Of.Depth + 1);

/// <summary><c>of[index]</c></summary>
internal sealed record IndexSyntax(int At, Syntax Of, Syntax Index) : Syntax(At, Math.Max(Of.Depth, Index.Depth) + 1);

/// <summary><c>-x</c> and <c>NOT x</c></summary>
internal sealed record UnarySyntax(int At, string Operator, Syntax Operand) : Syntax(At, Operand.Depth + 1);

internal sealed record BinarySyntax(int At, string Operator, Syntax Left, Syntax Right)
    : Syntax(At, Math.Max(Left.Depth, Right.Depth) + 1);

internal sealed record CallSyntax(int At, string Name, IReadOnlyList<Syntax> Arguments)
    : Syntax(At, Arguments.Count == 0 ? 1 : Arguments.Max(static a => a.Depth) + 1);

internal sealed record CastSyntax(int At, Syntax Operand, string Type, int TypeAt) : Syntax(At, Operand.Depth + 1);

internal sealed record ArraySyntax(int At, IReadOnlyList<Syntax> Items)
    : Syntax(At, Items.Count == 0 ? 1 : Items.Max(static i => i.Depth) + 1);

internal sealed record ObjectSyntax(int At, IReadOnlyList<(string Name, Syntax Value)> Members)
    : Syntax(At, Members.Count == 0 ? 1 : Members.Max(static m => m.Value.Depth) + 1);

/// <summary>One of what SELECT lists.</summary>
/// <param name="Expression">What it gives.</param>
/// <param name="Alias">The steps behind AS; empty where there is none.</param>
internal sealed record ItemSyntax(Syntax Expression, IReadOnlyList<string> Alias);

/// <param name="Items">What SELECT lists.</param>
/// <param name="Filter">The text behind FROM.</param>
/// <param name="FilterAt">Where that text stands.</param>
/// <param name="Where">The condition, if any.</param>
internal sealed record StatementSyntax(IReadOnlyList<ItemSyntax> Items, string Filter, int FilterAt, Syntax? Where)
{
    /// <summary>Null where there is none.</summary>
    public GroupSyntax? GroupBy { get; init; }
}
