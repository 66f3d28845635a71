using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>A compiled expression. Immutable; evaluated for one message after another, on any thread with its own context.</summary>
internal abstract class Expression
{
    public abstract Value Evaluate(scoped in Evaluation e);

    /// <summary>The value where it is a number, without making a <see cref="Value"/> of it where that can be spared.</summary>
    /// <param name="other">Where it is none: what it is, so that nothing is evaluated twice.</param>
    public virtual bool TryNumber(scoped in Evaluation e, out Number number, out Value other)
    {
        other = Evaluate(e);
        return other.TryGetNumber(out number);
    }

    /// <summary>Whether it is Boolean true: what WHERE asks for, and nothing else will do.</summary>
    public virtual bool IsTrue(scoped in Evaluation e) => Evaluate(e).IsTrue;
}
