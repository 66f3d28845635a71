using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>
/// <c>CASE</c>: the result behind the first value equal to the subject. Undefined where the subject is, or nothing is equal and there is no ELSE.
/// </summary>
internal sealed class Choice(Expression subject, (Expression Value, Expression Result)[] choices, Expression? otherwise) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var wanted = subject.Evaluate(e);
        if (wanted.IsUndefined) return Value.Undefined;
        foreach (var (expression, result) in choices)
        {
            var value = expression.Evaluate(e);
            if (!value.IsUndefined && Equal.Are(e, wanted, value)) return result.Evaluate(e);
        }

        return otherwise is null ? Value.Undefined : otherwise.Evaluate(e);
    }
}
