namespace Millrace.Tests.Sql.Reference;

/// <summary>Makes a case that fails smaller, as long as it fails.</summary>
internal static class RuleShrinker
{
    private const int MostTries = 5000;

    public static RuleCase Shrink(RuleCase failing)
    {
        var tries = 0;
        while (true)
        {
            var smaller = Smaller(failing).TakeWhile(_ => tries++ < MostTries).FirstOrDefault(static c => Fails(c));
            if (smaller is null) return failing;
            failing = smaller;
        }
    }

    // A refusal is a failure of its own only where the whole case was one: a piece of a statement may be none.
    private static bool Fails(RuleCase candidate)
    {
        try
        {
            return candidate.Disagreement() is { } told && !told.Contains("refused: ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static IEnumerable<RuleCase> Smaller(RuleCase rule)
    {
        var statement = rule.Statement;
        foreach (var member in Fewer(((rule.Payload as RefValue.Obj)?.Members ?? []).ToArray())) yield return rule with { Payload = new RefValue.Obj(member) };
        if (statement.Where is not null) yield return rule with { Statement = statement with { Where = null } };
        foreach (var set in Fewer(statement.Set)) yield return rule with { Statement = statement with { Set = set } };
        foreach (var items in Fewer(statement.Items).Where(static i => i.Length > 0)) yield return rule with { Statement = statement with { Items = items } };
        foreach (var where in statement.Where is null ? [] : Smaller(statement.Where)) yield return rule with { Statement = statement with { Where = where } };
        for (var i = 0; i < statement.Items.Length; i++)
            foreach (var of in statement.Items[i].Of is { } term ? Smaller(term) : [])
                yield return rule with { Statement = statement with { Items = With(statement.Items, i, statement.Items[i] with { Of = of }) } };
        for (var i = 0; i < statement.Set.Length; i++)
            foreach (var value in Smaller(statement.Set[i].Value))
                yield return rule with { Statement = statement with { Set = With(statement.Set, i, (statement.Set[i].Name, value)) } };
        foreach (var payload in Smaller(rule.Payload)) yield return rule with { Payload = payload };
    }

    private static IEnumerable<RefValue> Smaller(RefValue value)
    {
        if (value is RefValue.Obj map)
        {
            foreach (var members in Fewer(map.Members.ToArray())) yield return new RefValue.Obj(members);
            for (var i = 0; i < map.Members.Count; i++)
                foreach (var inner in Smaller(map.Members[i].Value))
                    yield return new RefValue.Obj(With([.. map.Members], i, (map.Members[i].Name, inner)));
        }

        if (value is not RefValue.Arr array) yield break;
        foreach (var items in Fewer(array.Items.ToArray())) yield return new RefValue.Arr(items);
        for (var i = 0; i < array.Items.Count; i++)
            foreach (var inner in Smaller(array.Items[i]))
                yield return new RefValue.Arr(With([.. array.Items], i, inner));
    }

    private static IEnumerable<Term> Smaller(Term term)
    {
        foreach (var child in Children(term)) yield return child;
        switch (term)
        {
            case Term.Member x:
                foreach (var of in Smaller(x.Of)) yield return x with { Of = of };
                break;
            case Term.Element x:
                foreach (var of in Smaller(x.Of)) yield return x with { Of = of };
                foreach (var at in Smaller(x.At)) yield return x with { At = at };
                break;
            case Term.Minus x:
                foreach (var of in Smaller(x.Of)) yield return new Term.Minus(of);
                break;
            case Term.Not x:
                foreach (var of in Smaller(x.Of)) yield return new Term.Not(of);
                break;
            case Term.Two x:
                foreach (var left in Smaller(x.Left)) yield return x with { Left = left };
                foreach (var right in Smaller(x.Right)) yield return x with { Right = right };
                break;
            case Term.CastTo x:
                foreach (var of in Smaller(x.Of)) yield return x with { Of = of };
                break;
            case Term.Call x:
                foreach (var arguments in Within(x.Arguments)) yield return x with { Arguments = arguments };
                break;
            case Term.List x:
                foreach (var items in Fewer(x.Items).Concat(Within(x.Items))) yield return new Term.List(items);
                break;
            case Term.Map x:
                foreach (var members in Fewer(x.Members)) yield return new Term.Map(members);
                foreach (var values in Within([.. x.Members.Select(static m => m.Value)])) yield return new Term.Map([.. x.Members.Zip(values, static (m, v) => (m.Name, v))]);
                break;
            case Term.Case x:
                foreach (var of in Smaller(x.Of)) yield return x with { Of = of };
                foreach (var branches in Fewer(x.Branches).Where(static b => b.Length > 0)) yield return x with { Branches = branches };
                break;
            case Term.Select x:
                if (x.Where is not null) yield return x with { Where = null };
                foreach (var items in Fewer(x.Items).Where(static i => i.Length > 0)) yield return x with { Items = items };
                foreach (var where in x.Where is null ? [] : Smaller(x.Where)) yield return x with { Where = where };
                break;
        }
    }

    private static Term[] Children(Term term) => term switch
    {
        Term.Member x => [x.Of],
        Term.Element x => [x.Of, x.At],
        Term.Minus x => [x.Of],
        Term.Not x => [x.Of],
        Term.Two x => [x.Left, x.Right],
        Term.CastTo x => [x.Of],
        Term.Call x => [.. x.Arguments.Where(static a => a is not Term.Star)],
        Term.List x => x.Items,
        Term.Map x => [.. x.Members.Select(static m => m.Value)],
        Term.Case x => [x.Of, .. x.Branches.SelectMany(static b => new[] { b.When, b.Then }), .. x.Else is null ? Array.Empty<Term>() : [x.Else]],
        _ => [],
    };

    private static IEnumerable<Term[]> Within(Term[] terms)
    {
        for (var i = 0; i < terms.Length; i++)
            foreach (var smaller in Smaller(terms[i])) yield return With(terms, i, smaller);
    }

    private static IEnumerable<T[]> Fewer<T>(T[] all)
    {
        if (all.Length > 1) yield return [];
        for (var i = 0; i < all.Length; i++) yield return [.. all[..i], .. all[(i + 1)..]];
    }

    private static T[] With<T>(T[] all, int at, T value) => [.. all[..at], value, .. all[(at + 1)..]];
}
