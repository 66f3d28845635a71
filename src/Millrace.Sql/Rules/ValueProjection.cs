using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules;

/// <summary><c>SELECT VALUE</c>: the value itself is the output; nothing at all where it is Undefined.</summary>
internal sealed class ValueProjection(Expression expression) : IProjection
{
    public TextBuffer Make(scoped in Evaluation e)
    {
        var text = e.Context.TakeText();
        var value = expression.Evaluate(e);
        // In 2015-10-08 the output cannot be an array.
        if (value.IsUndefined || (value.Kind == ValueKind.Array && e.Options.Version == SqlVersion.V2015)) return text;
        if (e.Context.HasRoom(value.Bytes.Length)) Conversions.WriteItem(e, value, text);
        return text;
    }
}
