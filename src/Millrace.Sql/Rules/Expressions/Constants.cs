using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <param name="isDecimal">Whether it keeps its point where it is whole.</param>
internal sealed class NumberConstant(Number number, bool isDecimal) : Expression
{
    public Number Number { get; } = number;

    public override Value Evaluate(scoped in Evaluation e) => isDecimal ? Value.OfDecimal(Number) : Value.Of(Number);

    public override bool TryNumber(scoped in Evaluation e, out Number number, out Value other)
    {
        number = Number;
        other = default;
        return true;
    }
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

/// <summary>What can be nothing else, whatever the message.</summary>
internal sealed class UndefinedConstant : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Value.Undefined;
}
