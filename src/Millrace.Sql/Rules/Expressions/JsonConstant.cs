using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>A value that was read out of JSON, or is some, before the first message.</summary>
internal sealed class JsonConstant : Expression
{
    private readonly ValueKind _kind;
    private readonly byte[] _bytes;
    private readonly Number _number;
    private readonly bool _flag;

    /// <param name="value">Is copied.</param>
    public JsonConstant(Value value) => (_kind, _bytes, _number, _flag) = (value.Kind, value.Bytes.ToArray(), value.Computed, value.Flag);

    public override Value Evaluate(scoped in Evaluation e) => Value.Of(_kind, _bytes, _number, _flag);
}
