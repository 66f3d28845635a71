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

/// <summary><c>{'name': a}</c>. Members that are Undefined are left out.</summary>
internal sealed class ObjectLiteral((byte[] Name, Expression Value)[] members) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var buffer = e.Context.TakeText();
        buffer.Write("{"u8);
        foreach (var (name, expression) in members)
        {
            var value = expression.Evaluate(e);
            if (value.IsUndefined) continue;
            if (!e.Context.HasRoom(name.Length + value.Bytes.Length)) return Value.Undefined;
            if (buffer.Length > 1) buffer.Write(","u8);
            Payload.JsonText.WriteQuoted(buffer, name);
            buffer.Write(":"u8);
            Conversions.WriteItem(e, value, buffer);
        }

        buffer.Write("}"u8);
        return Value.OfObject(buffer.Written);
    }
}
