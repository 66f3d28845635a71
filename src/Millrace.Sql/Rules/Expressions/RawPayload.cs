using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary><c>*</c> as the argument of a function: the bytes of the payload, JSON or not, as a string has them.</summary>
internal sealed class RawPayload : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Value.OfText(e.Payload);
}
