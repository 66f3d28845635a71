using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Functions;

/// <summary>A call as it was written, for what can be decided before the first message.</summary>
internal sealed class FunctionCall(Function function, CallSyntax syntax, RuleSqlOptions options, FunctionUsage usage)
{
    public Function Function => function;

    public RuleSqlOptions Options => options;

    public FunctionUsage Usage => usage;

    public int Count => syntax.Arguments.Count;

    /// <summary>The argument where it is a string literal; null where only a message can tell, or it was left out.</summary>
    public string? Text(int argument) => argument < Count && syntax.Arguments[argument] is StringSyntax text ? text.Text : null;

    /// <summary>An error at the function's name.</summary>
    public SyntaxException Refuse(string message) => new(syntax.At, message);

    /// <summary>An error at an argument.</summary>
    public SyntaxException Refuse(int argument, string message) => new(syntax.Arguments[argument].At, message);
}
