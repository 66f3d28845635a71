using Millrace.Sql.Rules.Functions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>A function with its arguments, whose number was checked.</summary>
internal sealed class Call(FunctionBody body, Expression[] arguments) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => body(arguments, e);
}
