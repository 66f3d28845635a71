namespace Millrace.Sql.Rules.Syntax;

/// <summary>An expression as it was written.</summary>
/// <param name="At">The character of the statement to name in an error.</param>
/// <param name="Depth">How many expressions stand in each other here: evaluation goes that deep on the stack.</param>
internal abstract record Syntax(int At, int Depth);

internal sealed record NumberSyntax(int At, string Text) : Syntax(At, 1);

internal sealed record StringSyntax(int At, string Text) : Syntax(At, 1);

/// <summary>TRUE, FALSE, or NULL.</summary>
internal sealed record WordSyntax(int At, bool? Value) : Syntax(At, 1);

/// <summary>An attribute of the payload, or of the element that a nested SELECT is at.</summary>
internal sealed record NameSyntax(int At, string Name) : Syntax(At, 1);

/// <summary><c>@name</c>, without the sign.</summary>
internal sealed record VariableSyntax(int At, string Name) : Syntax(At, 1);

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

/// <summary><c>CASE subject WHEN value THEN result … [ELSE result] END</c></summary>
internal sealed record CaseSyntax(int At, Syntax Subject, IReadOnlyList<(Syntax Value, Syntax Result)> Choices, Syntax? Else)
    : Syntax(At, Math.Max(Math.Max(Subject.Depth, Else?.Depth ?? 0), Choices.Max(static c => Math.Max(c.Value.Depth, c.Result.Depth))) + 1);

/// <summary>A SELECT over a value of the payload: <c>(SELECT items FROM path [AS name] [WHERE condition])</c></summary>
/// <param name="At">The word SELECT.</param>
/// <param name="IsValue">Whether it is SELECT VALUE, of one item.</param>
/// <param name="Items">What it lists.</param>
/// <param name="From">An array, whose elements it goes through, or an object.</param>
/// <param name="Name">What the element is called; null: it has no name.</param>
/// <param name="Where">The condition, if any.</param>
internal sealed record SelectSyntax(int At, bool IsValue, IReadOnlyList<ItemSyntax> Items, Syntax From, string? Name, Syntax? Where)
    : Syntax(At, Math.Max(Math.Max(From.Depth, Where?.Depth ?? 0), Items.Max(static i => i.Expression.Depth)) + 1);

/// <summary><c>EXISTS (SELECT …)</c></summary>
internal sealed record ExistsSyntax(int At, SelectSyntax Select) : Syntax(At, Select.Depth + 1);
