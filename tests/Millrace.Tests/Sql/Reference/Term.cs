namespace Millrace.Tests.Sql.Reference;

/// <summary>An expression, as the reference evaluator and the printer see it: nothing of the real parser's.</summary>
internal abstract record Term
{
    public sealed record Number(string Text) : Term;

    public sealed record Quote(string Value) : Term;

    /// <summary>TRUE, FALSE, or NULL.</summary>
    public sealed record Word(bool? Value) : Term;

    public sealed record Attribute(string Of) : Term;

    public sealed record Variable(string Of) : Term;

    /// <summary><c>*</c> as an argument.</summary>
    public sealed record Star : Term;

    public sealed record Member(Term Of, string Name) : Term;

    public sealed record Element(Term Of, Term At) : Term;

    public sealed record Minus(Term Of) : Term;

    public sealed record Not(Term Of) : Term;

    /// <summary>With NOT IN as an operator of its own.</summary>
    public sealed record Two(string Operator, Term Left, Term Right) : Term;

    public sealed record Call(string Function, params Term[] Arguments) : Term;

    public sealed record CastTo(string Type, Term Of) : Term;

    public sealed record List(params Term[] Items) : Term;

    public sealed record Map(params (string Name, Term Value)[] Members) : Term;

    public sealed record Case(Term Of, (Term When, Term Then)[] Branches, Term? Else) : Term;

    public sealed record Select(bool IsValue, Item[] Items, Term From, string? As, Term? Where) : Term;

    public sealed record Exists(Select Of) : Term;

    /// <param name="Of">Null: <c>*</c>.</param>
    /// <param name="Alias">The steps behind AS.</param>
    public sealed record Item(Term? Of, params string[] Alias);

    /// <summary>A whole statement, without its FROM.</summary>
    public sealed record Statement((string Name, Term Value)[] Set, bool IsValue, Item[] Items, Term? Where);
}
