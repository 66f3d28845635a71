using System.Diagnostics.CodeAnalysis;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules;

/// <summary>AWS IoT SQL, version 2016-03-23, over one message.</summary>
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

    internal static CompiledRule Compile(StatementSyntax statement, RuleSqlOptions options)
    {
        if (statement.GroupBy is { } group) return Windows.WindowCompiler.Compile(statement, group, options);
        if (!TopicFilter.TryCreate(statement.Filter, out var filter, out var problem)) throw new SyntaxException(statement.FilterAt, problem);
        if (statement.Filter.StartsWith("$aws/rules/", StringComparison.Ordinal))
            throw new SyntaxException(statement.FilterAt, "topics of Basic Ingest ($aws/rules/…) cannot be selected");

        var fields = new FieldSet();
        var compiler = new Compiler(fields, options);
        var where = statement.Where is null ? null : compiler.Compile(statement.Where);
        var projection = statement.Items is [{ Expression: StarSyntax, Alias.Count: 0 }] ? null : Project(statement.Items, compiler, fields);
        return new CompiledRule(options, filter, fields, projection, where, compiler.UsesPayload || fields.Count > 0 || fields.KeepsMembers);
    }

    private static Projection Project(IReadOnlyList<ItemSyntax> items, Compiler compiler, FieldSet fields)
    {
        var before = new List<OutputMember>();
        var after = new List<OutputMember>();
        var star = false;
        foreach (var (expression, alias) in items)
        {
            if (expression is StarSyntax && alias.Count == 0)
            {
                if (star) throw new SyntaxException(expression.At, "'*' can be selected once only");
                star = true;
                continue;
            }

            var value = expression is StarSyntax ? compiler.Payload() : compiler.Compile(expression);
            string[] name = alias.Count > 0 ? [.. alias] : [NameOf(expression)];
            OutputMember.Add(star ? after : before, name, value);
        }

        return new Projection(before, after, star, fields);
    }

    /// <summary>The name of an item without AS: the last name of a path, or the function's.</summary>
    private static string NameOf(Syntax.Syntax expression) => expression switch
    {
        NameSyntax name => name.Name,
        MemberSyntax member => member.Name,
        CallSyntax call => call.Name,
        CastSyntax => "cast",
        _ => throw new SyntaxException(expression.At, "this expression has no name: add AS and a name"),
    };
}
