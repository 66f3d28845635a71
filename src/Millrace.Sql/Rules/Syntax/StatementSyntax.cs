namespace Millrace.Sql.Rules.Syntax;

/// <summary>A whole statement: <c>[SET …] SELECT [VALUE] items [FROM 'filter'] [WHERE condition]</c>.</summary>
internal sealed record StatementSyntax
{
    /// <summary>What SET declares, in order.</summary>
    public IReadOnlyList<AssignmentSyntax> Variables { get; init; } = [];

    /// <summary>Whether it is SELECT VALUE, of one item.</summary>
    public bool IsValue { get; init; }

    public required IReadOnlyList<ItemSyntax> Items { get; init; }

    /// <summary>The text behind FROM; null: only Basic Ingest reaches the rule.</summary>
    public string? Filter { get; init; }

    /// <summary>Where that text stands.</summary>
    public int FilterAt { get; init; }

    public Syntax? Where { get; init; }

    /// <summary>Null where there is none.</summary>
    public GroupSyntax? GroupBy { get; init; }
}
