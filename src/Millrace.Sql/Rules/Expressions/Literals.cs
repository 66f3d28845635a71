using System.Buffers;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary><c>[a, b]</c>. Elements that are Undefined are left out.</summary>
internal sealed class ArrayLiteral(Expression[] items) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var buffer = e.Context.TakeText();
        buffer.Write("["u8);
        foreach (var item in items)
        {
            var value = item.Evaluate(e);
            if (value.IsUndefined) continue;
            if (!e.Context.HasRoom(value.Bytes.Length)) return Value.Undefined;
            if (buffer.Length > 1) buffer.Write(","u8);
            Conversions.WriteItem(e, value, buffer);
        }

        buffer.Write("]"u8);
        return Value.OfArray(buffer.Written);
    }
}

/// <summary><c>{'name': a}</c>. Members that are Undefined are left out; of two with one name the later counts.</summary>
internal sealed class ObjectLiteral(List<OutputMember> members) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var buffer = e.Context.TakeText();
        buffer.Write("{"u8);
        foreach (var member in members) member.TryWrite(e, buffer, first: buffer.Length == 1);
        buffer.Write("}"u8);
        return Value.OfObject(buffer.Written);
    }
}
