using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>A variable of SET: computed where it is first asked for, at most once a message.</summary>
internal sealed class VariableAccess(int number, Expression expression) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var kept = e.Context.Variable(number);
        if (!kept.IsSet)
        {
            var asked = e.Context.Chance.Enter(number);
            kept.Keep(e, expression.Evaluate(e));
            e.Context.Chance.Leave(asked);
        }

        return kept.View(e.Payload);
    }
}
