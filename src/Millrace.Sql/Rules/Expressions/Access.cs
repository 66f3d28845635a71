using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>An attribute of the payload, or a path of them, that the reader has found already.</summary>
internal sealed class FieldAccess(int field) : Expression
{
    public Field Find(scoped in Evaluation e) => e.Fields[field];

    public override Value Evaluate(scoped in Evaluation e) => Value.Of(e.Fields[field]);

    public override bool TryNumber(scoped in Evaluation e, out Number number, out Value other)
    {
        var found = e.Fields[field];
        other = default;
        number = default;
        if (found.Kind == FieldKind.Number && Number.TryParse(found.Raw, out number)) return true;
        other = Value.Of(found);
        return false;
    }
}

/// <summary>An attribute of what another expression gives.</summary>
internal sealed class MemberAccess(Expression of, byte[] name) : Expression
{
    public override Value Evaluate(scoped in Evaluation e) => Find(e, of.Evaluate(e), name);

    /// <summary>The last member of that name, as readers of JSON do. Undefined where there is none, or no object.</summary>
    public static Value Find(scoped in Evaluation e, Value container, scoped ReadOnlySpan<byte> name)
    {
        var found = Value.Undefined;
        if (container.Kind != ValueKind.Object || !e.Context.MayRead(container.Bytes.Length)) return found;
        var walk = new JsonWalk(container);
        while (walk.Next())
            if (walk.Name.IsEscaped ? IsEscapedName(e, walk.Name, name) : walk.Name.Bytes.SequenceEqual(name)) found = walk.Current;
        return found;
    }

    private static bool IsEscapedName(scoped in Evaluation e, Value escaped, scoped ReadOnlySpan<byte> name)
    {
        var mark = e.Context.Mark();
        var same = Conversions.Text(e, escaped).SequenceEqual(name);
        e.Context.Release(mark);
        return same;
    }
}

/// <summary><c>of[index]</c>, which is <c>get(of, index)</c>.</summary>
internal sealed class ElementAccess(Expression of, Expression index) : Expression
{
    private readonly Expression[] _arguments = [of, index];

    public override Value Evaluate(scoped in Evaluation e) => Functions.ValueFunctions.Get(_arguments, e);
}

/// <summary>The whole payload as a value; only compiled where the payload must be JSON.</summary>
internal sealed class PayloadAccess : Expression
{
    public override Value Evaluate(scoped in Evaluation e)
    {
        var payload = e.Payload;
        if (!e.Context.MayRead(payload.Length)) return Value.Undefined;
        var scanner = new JsonScanner(payload);
        scanner.SkipSpace();
        var start = scanner.At;
        if (!scanner.TryValue(0, out var kind, out var escaped)) return Value.Undefined;
        var place = FieldPlace.Between(kind, escaped, start, scanner.At);
        return Value.Of(kind, payload.Slice(place.Start, place.Length), escaped);
    }
}
