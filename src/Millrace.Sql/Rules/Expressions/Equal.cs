using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>Equality of values, neither of them Undefined.</summary>
internal static class Equal
{
    public static bool Are(scoped in Evaluation e, Value a, Value b)
    {
        if (a.Kind != b.Kind) return false;
        switch (a.Kind)
        {
            case ValueKind.Null:
                return true;
            case ValueKind.Boolean:
                return a.IsTrue == b.IsTrue;
            case ValueKind.Number:
                return a.TryGetNumber(out var x) && b.TryGetNumber(out var y) && Number.Compare(x, y) == 0;
            case ValueKind.String:
                return TextsAre(e, a, b);
            case ValueKind.Array:
                return ArraysAre(e, a, b);
            default:
                return ObjectsAre(e, a, b);
        }
    }

    private static bool TextsAre(scoped in Evaluation e, Value a, Value b)
    {
        if (!e.Context.MayRead(a.Bytes.Length)) return false;
        if (!a.IsEscaped && !b.IsEscaped) return a.Bytes.SequenceEqual(b.Bytes);
        var mark = e.Context.Mark();
        var same = Conversions.Text(e, a).SequenceEqual(Conversions.Text(e, b));
        e.Context.Release(mark);
        return same;
    }

    private static bool ArraysAre(scoped in Evaluation e, Value a, Value b)
    {
        if (!e.Context.MayRead(a.Bytes.Length)) return false;
        var left = new JsonWalk(a);
        var right = new JsonWalk(b);
        while (left.Next())
            if (!right.Next() || !Are(e, left.Current, right.Current)) return false;
        return !right.Next();
    }

    /// <summary>The order of members does not matter; of a name that is there twice the last counts.</summary>
    // Sorted by name, because comparing each with each would let a large payload stop the flow.
    private static bool ObjectsAre(scoped in Evaluation e, Value a, Value b)
    {
        if (!e.Context.MayRead(a.Bytes.Length + b.Bytes.Length)) return false;
        var left = Members(e, a);
        var right = Members(e, b);
        if (left.Count != right.Count) return false;
        for (var i = 0; i < left.Count; i++)
            if (!left[i].Name.AsSpan().SequenceEqual(right[i].Name) || !Are(e, left[i].Of(a), right[i].Of(b))) return false;
        return true;
    }

    private static List<Sorted> Members(scoped in Evaluation e, Value value)
    {
        var members = new List<Sorted>();
        var walk = new JsonWalk(value);
        while (walk.Next())
        {
            var mark = e.Context.Mark();
            var name = Conversions.Text(e, walk.Name).ToArray();
            e.Context.Release(mark);
            members.Add(new Sorted(name, walk.Place, members.Count));
        }

        members.Sort(static (x, y) => x.Name.AsSpan().SequenceCompareTo(y.Name) is var order and not 0 ? order : x.Order - y.Order);
        var kept = 0;
        for (var i = 0; i < members.Count; i++)
        {
            if (i + 1 < members.Count && members[i].Name.AsSpan().SequenceEqual(members[i + 1].Name)) continue;
            members[kept++] = members[i];
        }

        members.RemoveRange(kept, members.Count - kept);
        return members;
    }

    private readonly record struct Sorted(byte[] Name, Payload.FieldPlace Place, int Order)
    {
        public Value Of(Value container) => Value.Of(Place.Kind, container.Bytes.Slice(Place.Start, Place.Length), Place.Escaped);
    }
}
