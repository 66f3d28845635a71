namespace Millrace.Tests.Sql.Reference;

/// <summary>AWS IoT SQL over a tree of values: no bytes, no buffers, no fast path. Slow, and written from the reference's tables alone.</summary>
internal sealed class ReferenceEvaluator(RefValue payload)
{
    private readonly Dictionary<string, RefValue> _variables = [];

    /// <summary>The output as JSON (empty for Undefined); null where the rule does not fire.</summary>
    public static string? Run(Term.Statement statement, string payload)
    {
        var evaluator = new ReferenceEvaluator(RefValue.Parse(payload));
        var scope = new Scope(evaluator.Payload, null, null);
        foreach (var (name, value) in statement.Set) evaluator._variables[name] = evaluator.Value(value, scope);
        if (statement.Where is { } where && evaluator.Value(where, scope) is not RefValue.Bool { Value: true }) return null;
        if (statement.IsValue) return evaluator.Value(statement.Items[0].Of!, scope) is var value and not RefValue.None ? Listed(value).Json() : "";
        return statement.Items is [{ Of: null, Alias.Length: 0 }] ? payload : evaluator.Row(statement.Items, scope).Json();
    }

    private RefValue Payload => payload;

    private RefValue Value(Term term, Scope scope)
    {
        switch (term)
        {
            case Term.Number number:
                return RefValue.Of(Dec.Parse(number.Text));
            case Term.Quote text:
                return RefValue.Of(text.Value);
            case Term.Word word:
                return word.Value is { } flag ? RefValue.Of(flag) : RefValue.Null;
            case Term.Attribute name:
                return scope.Find(name.Of);
            case Term.Variable variable:
                return _variables[variable.Of];
            case Term.Star:
                return payload;
            case Term.Member member:
                return Value(member.Of, scope) is RefValue.Obj of ? of.Find(member.Name) : RefValue.Undefined;
            case Term.Element element:
                return Functions.Get(Value(element.Of, scope), Value(element.At, scope));
            case Term.Minus minus:
                return RefValue.Of(Converting.ToNumber(Value(minus.Of, scope)) is { } n ? Dec.Negate(n) : null);
            case Term.Not not:
                return RefValue.Of(!Converting.ToBoolean(Value(not.Of, scope)));
            case Term.Two two:
                return Two(two.Operator, Value(two.Left, scope), Value(two.Right, scope));
            case Term.Call call:
                return Functions.Call(call.Function, [.. call.Arguments.Select(a => Value(a, scope))]);
            case Term.CastTo cast:
                return Converting.Cast(Value(cast.Of, scope), cast.Type);
            case Term.List list:
                return new RefValue.Arr([.. list.Items.Select(i => Listed(Value(i, scope))).Where(static v => v is not RefValue.None)]);
            case Term.Map map:
                return new RefValue.Obj(Listed([.. map.Members.Select(static m => new Term.Item(m.Value, m.Name))], scope));
            case Term.Case choice:
                return Case(choice, scope);
            case Term.Select select:
                return Select(select, scope);
            case Term.Exists exists:
                return RefValue.Of(Rows(exists.Of, scope) is { Count: > 0 });
            default:
                throw new InvalidOperationException($"{term} has no value");
        }
    }

    // The rule of 2016-03-23 (1.3): what is whole is an Int. What has more digits than a number may have stays as it is.
    private static RefValue Listed(RefValue value) =>
        value is RefValue.Num { Written: { Length: <= 36 } written, Value: { IsWhole: true, Exponent: 0 } } number && written.AsSpan().ContainsAny(".eE")
            ? number with { Written = null }
            : value;

    private static RefValue Two(string sign, RefValue a, RefValue b)
    {
        switch (sign)
        {
            case "AND":
                return RefValue.Of(Converting.ToBoolean(a) is { } p && Converting.ToBoolean(b) is { } q ? p && q : null);
            case "OR":
                return RefValue.Of(Converting.ToBoolean(a) is { } r && Converting.ToBoolean(b) is { } s ? r || s : null);
            case "=":
                return RefValue.Of(IsNone(a) || IsNone(b) || (a is RefValue.Num && b is RefValue.Num && (IsBeyond(a) || IsBeyond(b))) ? null : Converting.AreEqual(a, b));
            case "<>" or "!=":
                return RefValue.Of(!Converting.ToBoolean(Two("=", a, b)));
            case "IN":
                return RefValue.Of(a is RefValue.None || b is not RefValue.Arr array ? null : array.Items.Any(i => Converting.AreEqual(a, i)));
            case "NOT IN":
                return RefValue.Of(!Converting.ToBoolean(Two("IN", a, b)));
            case "+" when a is RefValue.Str || b is RefValue.Str:
                return RefValue.Of(Converting.ToText(a) is { } head && Converting.ToText(b) is { } tail ? head + tail : null);
            case "+" when a is not RefValue.Num || b is not RefValue.Num:
                return RefValue.Undefined;
            default:
                return Converting.ToNumber(a) is { } x && Converting.ToNumber(b) is { } y ? Numbers(sign, x, y) : RefValue.Undefined;
        }
    }

    private static bool IsNone(RefValue value) => value is RefValue.None;

    // A payload may have numbers that are too large to be one.
    private static bool IsBeyond(RefValue value) => value is RefValue.Num { Value: null };

    private static RefValue Numbers(string sign, Dec x, Dec y) => sign switch
    {
        "<" => RefValue.Of(Dec.Compare(x, y) < 0),
        "<=" => RefValue.Of(Dec.Compare(x, y) <= 0),
        ">" => RefValue.Of(Dec.Compare(x, y) > 0),
        ">=" => RefValue.Of(Dec.Compare(x, y) >= 0),
        "+" => RefValue.Of(Dec.Add(x, y)),
        "-" => RefValue.Of(Dec.Add(x, Dec.Negate(y)!.Value)),
        "*" => RefValue.Of(Dec.Multiply(x, y)),
        "/" => RefValue.Of(Dec.Divide(x, y)),
        _ => RefValue.Of(Dec.Remainder(x, y)),
    };

    private RefValue Case(Term.Case choice, Scope scope)
    {
        var of = Value(choice.Of, scope);
        if (of is RefValue.None) return of;
        foreach (var (when, then) in choice.Branches)
            if (Value(when, scope) is var wanted and not RefValue.None && Converting.AreEqual(of, wanted)) return Value(then, scope);
        return choice.Else is null ? RefValue.Undefined : Value(choice.Else, scope);
    }

    private RefValue Select(Term.Select select, Scope scope)
    {
        if (Rows(select, scope) is not { } rows) return RefValue.Undefined;
        if (Value(select.From, scope) is RefValue.Arr) return new RefValue.Arr(rows);
        return rows.Count == 1 ? rows[0] : RefValue.Undefined;
    }

    /// <summary>Null where the source is no array and no object.</summary>
    private List<RefValue>? Rows(Term.Select select, Scope scope)
    {
        RefValue[]? source = Value(select.From, scope) switch { RefValue.Arr array => [.. array.Items], RefValue.Obj one => [one], _ => null };
        if (source is null) return null;
        var rows = new List<RefValue>();
        foreach (var element in source)
        {
            var inner = new Scope(element, select.As, scope);
            if (select.Where is { } where && Value(where, inner) is not RefValue.Bool { Value: true }) continue;
            var row = select.IsValue ? Value(select.Items[0].Of!, inner)
                : select.Items is [{ Of: null, Alias.Length: 0 }] ? element : Row(select.Items, inner);
            if (row is not RefValue.None) rows.Add(Listed(row));
        }

        return rows;
    }

    /// <summary>One object of what a SELECT lists.</summary>
    private RefValue.Obj Row(Term.Item[] items, Scope scope)
    {
        var star = Array.FindIndex(items, static i => i.Of is null && i.Alias.Length == 0);
        var before = Listed(items[..Math.Max(star, 0)], scope);
        var after = Listed(items[(star + 1)..], scope);
        if (star < 0) return new RefValue.Obj(after);
        var all = (scope.Element as RefValue.Obj)?.Members ?? [];
        return new RefValue.Obj([
            .. before.Where(m => !Has(all, m.Name.Value)),
            .. all.Where(m => !Has(after, m.Name.Value)),
            .. after,
        ]);
    }

    /// <summary>Of items of one name the last that is not Undefined, where the last of that name was selected.</summary>
    private List<(RefValue.Str Name, RefValue Value)> Listed(Term.Item[] items, Scope scope)
    {
        var named = items.Select(i => (Alias: i.Alias.Length > 0 ? i.Alias : [NameOf(i.Of!)], Value: i.Of is null ? scope.Element : Value(i.Of, scope))).ToArray();
        return
        [
            .. from name in named.Select(static i => i.Alias[0]).Reverse().Distinct().Reverse()
               let last = named.LastOrDefault(i => i.Alias[0] == name && i.Value is not RefValue.None)
               where last.Value is not null
               select (new RefValue.Str(name), Nested(last.Alias.AsSpan(1), Listed(last.Value))),
        ];
    }

    private static RefValue Nested(ReadOnlySpan<string> alias, RefValue value)
    {
        for (var i = alias.Length - 1; i >= 0; i--) value = new RefValue.Obj([(new RefValue.Str(alias[i]), value)]);
        return value;
    }

    private static bool Has(IEnumerable<(RefValue.Str Name, RefValue Value)> members, string name) => members.Any(m => m.Name.Value == name);

    private static string NameOf(Term term) => term switch
    {
        Term.Attribute name => name.Of,
        Term.Member member => member.Name,
        Term.Call call => call.Function,
        Term.CastTo => "cast",
        _ => throw new InvalidOperationException($"{term} has no name"),
    };

    /// <summary>What names mean: the element of the innermost SELECT, its alias, then those around it.</summary>
    private sealed record Scope(RefValue Element, string? Alias, Scope? Outer)
    {
        public RefValue Find(string name)
        {
            if (Alias == name) return Element;
            if (Element is RefValue.Obj map && map.Find(name) is var found and not RefValue.None) return found;
            return Outer?.Find(name) ?? RefValue.Undefined;
        }
    }
}
