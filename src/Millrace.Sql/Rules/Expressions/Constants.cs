using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

internal sealed class NumberConstant(Number number) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Value.Of(number);
}

internal sealed class TextConstant(byte[] text) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Value.OfText(text);
}

internal sealed class BooleanConstant(bool value) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Value.Of(value);
}

internal sealed class NullConstant : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Value.Null;
}
