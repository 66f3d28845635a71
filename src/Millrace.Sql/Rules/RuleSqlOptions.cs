using Millrace.Contracts.Rules;
using Millrace.Sql.Rules.Syntax;
using Millrace.Sql.Rules.Windows;

namespace Millrace.Sql.Rules;

/// <summary>What a statement is compiled for.</summary>
public sealed record RuleSqlOptions
{
    public static RuleSqlOptions Default { get; } = new();

    public SqlVersion Version { get; init; } = SqlVersion.V2016;

    /// <summary>What <c>accountid()</c> gives.</summary>
    public string AccountId { get; init; } = "000000000000";

    /// <summary>Whether a whole number by a whole number is a whole number, cut towards zero; else division is exact.</summary>
    public bool IntegerDivision { get; init; }

    /// <summary>Whether <c>SELECT a.b.c</c> without an alias becomes <c>{"a":{"b":{"c":…}}}</c>; else <c>{"c":…}</c>.</summary>
    public bool NestPaths { get; init; }

    /// <summary>
    /// Whether <c>true OR Undefined</c> is true and <c>false AND Undefined</c> is false, as in other SQL; else any operand that is Undefined makes
    /// the whole Undefined, as the table of AWS has it.
    /// </summary>
    public bool ThreeValuedLogic { get; init; }

    /// <summary>Whether a statement may have GROUP BY; null: it is refused.</summary>
    public WindowSqlOptions? Windows { get; init; }

    /// <summary>
    /// Whether a call with a wrong number of arguments is Undefined, as AWS has it; else it is refused, because nobody means it. For trying
    /// statements out: rules are created with the latter.
    /// </summary>
    public bool WrongCountIsUndefined { get; init; }

    /// <summary>Behind the functions that look outside; null: a statement that calls one is refused.</summary>
    public ILookups? Lookups { get; init; }

    /// <summary>
    /// The rule's name. What it makes by chance (<c>newuuid()</c>, <c>rand()</c>) is of this name and of the message, so that it is the same when the message is
    /// evaluated again, and another in every rule.
    /// </summary>
    public string Rule { get; init; } = "";

    /// <summary>Whether it is for an error action, which must not look outside of the message.</summary>
    public bool ErrorAction { get; init; }

    /// <summary>What SET declares.</summary>
    internal IReadOnlyList<AssignmentSyntax> Variables { get; init; } = [];

    /// <summary>Whether operators are evaluated the plain way only, which must give the same: for tests.</summary>
    internal bool WithoutFastNodes { get; init; }

    /// <summary>Whether a variable that is not declared is taken all the same.</summary>
    internal bool HasAnyVariable { get; init; }

    /// <summary>For a check where the rule is not known: any variable may be right.</summary>
    public RuleSqlOptions WithAnyVariable() => this with { HasAnyVariable = true };
}
