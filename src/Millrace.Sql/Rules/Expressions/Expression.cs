using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>A compiled expression. Immutable; evaluated for one message after another, on any thread with its own context.</summary>
internal abstract class Expression
{
    public abstract Value Evaluate(scoped in Evaluation e);

    /// <summary>Whether it is Boolean true: what WHERE asks for, and nothing else will do.</summary>
    public virtual bool IsTrue(scoped in Evaluation e) => Evaluate(e).IsTrue;
}
