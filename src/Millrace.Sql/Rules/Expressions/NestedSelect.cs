using System.Buffers;
using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>
/// A SELECT over a value: of an array's elements, those for which the condition is true, as an array; of an object, itself. Undefined over
/// anything else.
/// </summary>
/// <param name="select">Which SELECT of the statement: names the place in the context where the element at hand is kept.</param>
/// <param name="elements">What it reads of elements.</param>
/// <param name="from">What it goes through.</param>
/// <param name="where">The condition, if any.</param>
/// <param name="value">What VALUE gives of an element; null where <paramref name="items"/> are listed.</param>
/// <param name="items">The members to make of an element.</param>
internal sealed class NestedSelect(int select, FieldSet elements, Expression from, Expression? where, Expression? value, ElementProjection? items) : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var source = from.Evaluate(e);
        return source.Kind switch
        {
            ValueKind.Array => OfElements(e, source),
            ValueKind.Object => OfObject(e, source),
            _ => Value.Undefined,
        };
    }

    /// <summary>Whether it gives anything: of an array, whether any element is left.</summary>
    public bool Any(scoped in Evaluation e)
    {
        var source = from.Evaluate(e);
        if (source.Kind == ValueKind.Object) return !OfObject(e, source).IsUndefined;
        if (source.Kind != ValueKind.Array || !TryEnter(e, source, out var scope)) return false;
        var walk = new JsonWalk(source);
        while (Next(e, ref walk, scope))
        {
            var mark = e.Context.Mark();
            var any = IsWanted(e) && (value is null || !value.Evaluate(e).IsUndefined);
            e.Context.Release(mark);
            if (any) return !e.Context.Failed;
        }

        return false;
    }

    private Value OfElements(scoped in Evaluation e, Value source)
    {
        if (!TryEnter(e, source, out var scope)) return Value.Undefined;
        var output = e.Context.TakeText();
        output.Write("["u8);
        var walk = new JsonWalk(source);
        while (Next(e, ref walk, scope))
        {
            // What an element needs is given back behind it, so that an array may be long.
            var (mark, before) = (e.Context.Mark(), output.Length);
            if (IsWanted(e)) WriteElement(e, output);
            e.Context.Release(mark);
            e.Context.Count(output.Length - before);
        }

        output.Write("]"u8);
        return e.Context.Failed ? Value.Undefined : Value.OfArray(output.Written);
    }

    private Value OfObject(scoped in Evaluation e, Value source)
    {
        if (!TryEnter(e, source, out var scope)) return Value.Undefined;
        var scanner = new JsonScanner(source.Bytes);
        if (scope.Fields is not null && !scope.Fields.TryReadInner(ref scanner, source.Bytes)) return Value.Undefined;
        scope.Place = FieldPlace.Between(FieldKind.Object, escaped: false, 0, source.Bytes.Length);
        if (!IsWanted(e)) return Value.Undefined;
        if (value is not null) return value.Evaluate(e);
        var output = e.Context.TakeText();
        items!.Write(e, scope.Element(e.Payload), output);
        return Value.OfObject(output.Written);
    }

    private bool TryEnter(scoped in Evaluation e, Value source, out ElementScope scope)
    {
        scope = e.Context.Scope(select);
        scope.Fields = elements.Count > 0 ? e.Context.ReaderFor(elements) : null;
        return scope.TryEnter(e, source);
    }

    private static bool Next(scoped in Evaluation e, ref JsonWalk walk, ElementScope scope)
    {
        if (e.Context.Failed || !walk.Next(scope.Fields) || !e.Context.MayRead(walk.Place.Length)) return false;
        scope.Place = walk.Place;
        return true;
    }

    private bool IsWanted(scoped in Evaluation e) => where is null || where.IsTrue(e);

    private void WriteElement(scoped in Evaluation e, TextBuffer output)
    {
        if (value is not null)
        {
            var made = value.Evaluate(e);
            if (made.IsUndefined || !e.Context.HasRoom(made.Bytes.Length)) return;
            if (output.Length > 1) output.Write(","u8);
            Conversions.WriteItem(e, made, output);
            return;
        }

        if (output.Length > 1) output.Write(","u8);
        items!.Write(e, e.Context.Scope(select).Element(e.Payload), output);
    }
}

/// <summary><c>EXISTS (SELECT …)</c>: true or false, never Undefined.</summary>
internal sealed class Existence(NestedSelect select) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Value.Of(select.Any(e));
}
