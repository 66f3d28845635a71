using System.Diagnostics.CodeAnalysis;
using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Plans;

/// <summary>What a statement was compiled to, for people.</summary>
public sealed class RulePlan
{
    private RulePlan(CompiledRule rule) => Rule = rule;

    public CompiledRule Rule { get; }

    /// <summary>Paths that are taken out of each payload.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Whether the payload must be JSON; else it is not looked at.</summary>
    public required bool NeedsJson { get; init; }

    /// <summary>Whether it must be an object, because its members are written beside other items.</summary>
    public required bool NeedsObject { get; init; }

    /// <summary>WHERE, as it would be written; null where there is none.</summary>
    public string? Condition { get; init; }

    /// <summary>What SET declares, each as <c>@name = expression</c>.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>What SELECT lists, each as it would be written.</summary>
    public required IReadOnlyList<string> Items { get; init; }

    /// <summary>Expressions that were computed when the statement was compiled, with their values in JSON.</summary>
    public required IReadOnlyList<PlanNote> Constants { get; init; }

    /// <summary>What costs little, in sentences.</summary>
    public required IReadOnlyList<string> Fast { get; init; }

    /// <summary>What costs more than the rest, and why.</summary>
    public required IReadOnlyList<PlanNote> Slow { get; init; }

    /// <summary>Gives the value of WHERE alone, nothing where it is Undefined; null where there is no WHERE.</summary>
    public CompiledRule? ConditionValue { get; private init; }

    /// <summary>Those of <see cref="Fields"/> that WHERE looks at.</summary>
    public IReadOnlyList<string> ConditionFields => ConditionValue is null ? [] : PathsOf(ConditionValue);

    /// <summary>Compiles a statement and tells how, or says where and why not. Never throws for a text, whatever it is.</summary>
    public static bool TryCreate(string sql, RuleSqlOptions options, [NotNullWhen(true)] out RulePlan? plan, [NotNullWhen(false)] out SqlError? error)
    {
        plan = null;
        if (!RuleSql.TryCompile(sql, options, out var rule, out error)) return false;
        plan = Of(sql, rule);
        return true;
    }

    private static RulePlan Of(string sql, CompiledRule rule)
    {
        var statement = Parser.Parse(sql);
        var cost = PlanCost.Of(sql, statement, rule.TemplateOptions);
        var star = statement.Items.Any(static i => i is { Expression: StarSyntax, Alias.Count: 0 }) && !statement.IsValue;
        return new RulePlan(rule)
        {
            Fields = PathsOf(rule),
            NeedsJson = rule.NeedsJson,
            NeedsObject = star && !rule.IsPassThrough,
            Condition = statement.Where is null ? null : SyntaxText.Of(statement.Where),
            Variables = [.. statement.Variables.Select(static v => $"@{v.Name} = {SyntaxText.Of(v.Value)}")],
            Items = [.. statement.Items.Select(static i => SyntaxText.Of(i.Expression) + (i.Alias.Count == 0 ? "" : $" AS {string.Join('.', i.Alias)}"))],
            Constants = cost.Constants,
            Fast = PlanSpeed.Of(statement, rule),
            Slow = cost.Slow,
            ConditionValue = ConditionOf(statement, rule.TemplateOptions),
        };
    }

    private static string[] PathsOf(CompiledRule rule) => [.. rule.Fields.Select(static path => string.Join('.', path))];

    private static CompiledRule? ConditionOf(StatementSyntax statement, RuleSqlOptions options)
    {
        if (statement.Where is null) return null;
        var alone = statement with { IsValue = true, Items = [new ItemSyntax(statement.Where, [])], Where = null };
        return RuleSql.TryCompile(SyntaxText.Of(alone), options, out var rule, out _) ? rule : null;
    }
}
