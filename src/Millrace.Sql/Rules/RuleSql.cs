using System.Diagnostics.CodeAnalysis;
using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules;

/// <summary>AWS IoT SQL over one message.</summary>
public static class RuleSql
{
    /// <summary>Compiles a statement, or says where and why not. Never throws for a text, whatever it is.</summary>
    public static bool TryCompile(string sql, [NotNullWhen(true)] out CompiledRule? rule, [NotNullWhen(false)] out SqlError? error) =>
        TryCompile(sql, RuleSqlOptions.Default, out rule, out error);

    /// <summary>Compiles a statement, or says where and why not. Never throws for a text, whatever it is.</summary>
    public static bool TryCompile(
        string sql, RuleSqlOptions options, [NotNullWhen(true)] out CompiledRule? rule, [NotNullWhen(false)] out SqlError? error)
    {
        ArgumentNullException.ThrowIfNull(sql);
        rule = null;
        error = null;
        try
        {
            rule = Compile(Parser.Parse(sql), options);
            return true;
        }
        catch (SyntaxException mistake)
        {
            error = SqlError.At(sql, mistake.At, mistake.Message);
            return false;
        }
    }

    /// <summary>Whether a statement has GROUP BY, right or wrong.</summary>
    public static bool IsGrouped(string sql)
    {
        try
        {
            return Parser.Parse(sql).GroupBy is not null;
        }
        catch (SyntaxException)
        {
            return false;
        }
    }

    internal static CompiledRule Compile(StatementSyntax statement, RuleSqlOptions options)
    {
        if (statement.GroupBy is { } group) return Windows.WindowCompiler.Compile(statement, group, options);
        options = options with { Variables = statement.Variables };
        var filter = FilterOf(statement);
        var fields = new FieldSet();
        var compiler = new Compiler(fields, options);
        compiler.CheckVariables();
        var where = statement.Where is null ? null : compiler.Compile(statement.Where);
        var projection = Project(statement, compiler, fields);
        return new CompiledRule(options, filter, fields, projection, where, compiler.UsesPayload || fields.Count > 0 || fields.KeepsMembers)
        {
            UsesPublisher = compiler.Functions.UsesPublisher,
        };
    }

    private static TopicFilter FilterOf(StatementSyntax statement)
    {
        if (statement.Filter is null) return TopicFilter.None;
        if (!TopicFilter.TryCreate(statement.Filter, out var filter, out var problem)) throw new SyntaxException(statement.FilterAt, problem);
        return statement.Filter.StartsWith("$aws/rules/", StringComparison.Ordinal)
            ? throw new SyntaxException(statement.FilterAt, "topics of Basic Ingest ($aws/rules/…) cannot be selected")
            : filter;
    }

    /// <returns>Null where the output is the payload as it is.</returns>
    private static IProjection? Project(StatementSyntax statement, Compiler compiler, FieldSet fields)
    {
        if (statement.IsValue) return statement.Items[0].Expression is StarSyntax ? null : new ValueProjection(compiler.Compile(statement.Items[0].Expression));
        var items = SelectedItems.Of(statement.Items, compiler, compiler.Payload);
        return items.IsStarAlone ? null : new Projection(items, fields);
    }
}
