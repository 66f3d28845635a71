using Millrace.Sql.Payload;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>A field of the payload against a constant, as in <c>value &gt; 40</c>: decided on the field's digits as they stand there.</summary>
/// <param name="field">The field.</param>
/// <param name="threshold">The constant.</param>
/// <param name="plain">The same comparison, for all that is not a short number.</param>
internal sealed class FastThreshold(bool less, bool orEqual, FieldAccess field, Number threshold, FastOrdering plain) : Expression
{
    // For each number of decimals that a field may have, the constant in units of the last of them.
    private readonly (long Floor, bool IsExact)[] _scaled = Scaled(threshold);

    public override Value Evaluate(scoped in Evaluation e) => plain.Evaluate(e);

    public override bool IsTrue(scoped in Evaluation e)
    {
        var found = field.Find(e);
        if (found.Kind != FieldKind.Number || !NumberText.TryParseShort(found.Raw, out var digits, out var places) || (uint)places >= (uint)_scaled.Length)
            return plain.IsTrue(e);
        var (floor, isExact) = _scaled[places];
        if (digits == floor && isExact) return orEqual;
        return less ? digits <= floor : digits > floor;
    }

    /// <summary>As far as there is a long for it: nothing where there is none for the constant itself.</summary>
    private static (long Floor, bool IsExact)[] Scaled(Number threshold)
    {
        var scaled = new List<(long, bool)>();
        while (scaled.Count < NumberText.ShortLength)
        {
            if (!Number.TryMultiply(threshold, Number.OfShort(1, scaled.Count), out var units)) break;
            var floor = NumberRounding.Floor(units);
            if (!floor.TryToLong(out var whole)) break;
            scaled.Add((whole, Number.Compare(floor, units) == 0));
        }

        return [.. scaled];
    }
}
