namespace Millrace.Tests.Sql.Reference;

/// <summary>The tables of conversions (1.4, 1.7) and equality (1.5) of the reference, row by row. Null is Undefined.</summary>
internal static class Converting
{
    public static Dec? ToNumber(RefValue value) => value switch
    {
        RefValue.Num number => number.Value,
        RefValue.Str text => Dec.OfText(text.Value),
        _ => null,
    };

    public static bool? ToBoolean(RefValue value) => value switch
    {
        RefValue.Bool flag => flag.Value,
        RefValue.Str text when text.Value.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        RefValue.Str text when text.Value.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };

    public static string? ToText(RefValue value) => value switch
    {
        RefValue.Str text => text.Value,
        RefValue.Num number => number.Value?.ToString(),
        RefValue.Bool or RefValue.Arr or RefValue.Obj => value.Json(),
        _ => null,
    };

    public static RefValue Cast(RefValue value, string type)
    {
        switch (type.ToUpperInvariant())
        {
            case "STRING" or "NVARCHAR" or "TEXT" or "NTEXT" or "VARCHAR":
                return RefValue.Of(ToText(value));
            case "BOOL" or "BOOLEAN":
                return value is RefValue.Num number ? RefValue.Of(number.Value is { } n ? !n.Coefficient.IsZero : null) : RefValue.Of(ToBoolean(value));
            case "INT" or "INTEGER":
                if (value is RefValue.Bool one) return RefValue.Of(Dec.Of(one.Value ? 1 : 0));
                return ToNumber(value) is { } whole ? RefValue.Of(Dec.Of(whole.Floor(), 0)) : RefValue.Undefined;
            default:
                return RefValue.Of(value is RefValue.Bool flag ? Dec.Of(flag.Value ? 1 : 0) : ToNumber(value));
        }
    }

    /// <summary>Of two values that are not Undefined.</summary>
    public static bool AreEqual(RefValue a, RefValue b) => (a, b) switch
    {
        (RefValue.Nothing, RefValue.Nothing) => true,
        (RefValue.Bool x, RefValue.Bool y) => x.Value == y.Value,
        (RefValue.Num x, RefValue.Num y) => x.Value is { } p && y.Value is { } q && Dec.Compare(p, q) == 0,
        (RefValue.Str x, RefValue.Str y) => x.Value == y.Value,
        (RefValue.Arr x, RefValue.Arr y) => x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(static pair => AreEqual(pair.First, pair.Second)),
        (RefValue.Obj x, RefValue.Obj y) => NamesOf(x).SetEquals(NamesOf(y)) && NamesOf(x).All(name => AreEqual(x.Find(name), y.Find(name))),
        _ => false,
    };

    private static HashSet<string> NamesOf(RefValue.Obj map) => [.. map.Members.Select(static m => m.Name.Value)];
}
