using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Functions that take values of every type.</summary>
internal static class ValueFunctions
{
    public static Value IsNull(Expression[] arguments, scoped in Evaluation e) =>
        Value.Of(arguments[0].Evaluate(e).Kind == ValueKind.Null);

    public static Value IsUndefined(Expression[] arguments, scoped in Evaluation e) =>
        Value.Of(arguments[0].Evaluate(e).IsUndefined);

    /// <summary>The second where the first is Undefined or Null.</summary>
    public static Value Nanvl(Expression[] arguments, scoped in Evaluation e)
    {
        var value = arguments[0].Evaluate(e);
        return value.Kind is ValueKind.Undefined or ValueKind.Null ? arguments[1].Evaluate(e) : value;
    }

    /// <summary>The second where the first is Undefined or Null, or asked something outside of the message in vain.</summary>
    public static Value GetOrDefault(Expression[] arguments, scoped in Evaluation e)
    {
        if (e.Context.Failed) return Value.Undefined;
        var value = arguments[0].Evaluate(e);
        if (e.Context.Failed && !e.Context.TryRecover()) return Value.Undefined;
        return value.Kind is ValueKind.Undefined or ValueKind.Null ? arguments[1].Evaluate(e) : value;
    }

    /// <summary>An array's element or a string's character by its number from 0; an object's member by its name.</summary>
    public static Value Get(Expression[] arguments, scoped in Evaluation e)
    {
        var container = arguments[0].Evaluate(e);
        var key = arguments[1].Evaluate(e);
        if (container.Kind == ValueKind.Object)
            return key.Kind == ValueKind.String ? MemberAccess.Find(e, container, Conversions.Text(e, key)) : Value.Undefined;
        if (!Conversions.TryNumber(e, key, out var number) || !NumberRounding.Floor(number).TryToLong(out var index) || index < 0)
            return Value.Undefined;
        if (!e.Context.MayRead(container.Bytes.Length)) return Value.Undefined;
        return container.Kind switch
        {
            ValueKind.Array => Element(container, index),
            ValueKind.String => Character(Conversions.Text(e, container), index),
            _ => Value.Undefined,
        };
    }

    private static Value Element(Value array, long index)
    {
        var walk = new JsonWalk(array);
        for (var i = 0L; walk.Next(); i++)
            if (i == index) return walk.Current;
        return Value.Undefined;
    }

    private static Value Character(ReadOnlySpan<byte> text, long index)
    {
        var rest = text[Utf8Text.Offset(text, index)..];
        return rest.IsEmpty ? Value.Undefined : Value.OfText(rest[..Utf8Text.Offset(rest, 1)]);
    }
}
