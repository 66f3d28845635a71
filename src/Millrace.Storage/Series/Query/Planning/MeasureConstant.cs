using System.Globalization;
using System.Text.Json;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Constants that a measure is compared with, where DuckDB compares in the measure's own type.</summary>
internal static class MeasureConstant
{
    // Up to here a double holds every whole number, so that comparing as doubles and as whole numbers is the same.
    private const long MaxExact = 1L << 53;

    /// <summary>The constant as <see cref="Rows.RowColumn.Bits"/> has values; null where it is not certain.</summary>
    public static long? Bits(JsonElement node, MeasureType type)
    {
        if (!SyntaxTree.IsConstant(node, out var kind, out var value)) return null;
        return (type, kind) switch
        {
            (MeasureType.Double, "INTEGER" or "BIGINT") when value.TryGetInt64(out var whole) && Math.Abs(whole) <= MaxExact => BitConverter.DoubleToInt64Bits(whole),
            (MeasureType.Double, "DOUBLE") when value.TryGetDouble(out var number) && double.IsFinite(number) => BitConverter.DoubleToInt64Bits(number),
            (MeasureType.Double, "DECIMAL") => Decimal(node, value) is { } exact ? BitConverter.DoubleToInt64Bits(exact) : null,
            (MeasureType.Bigint, "INTEGER" or "BIGINT") when value.TryGetInt64(out var whole) => whole,
            _ => null,
        };
    }

    // 0.1 is the whole number 1 and the scale 1; DuckDB divides by the power of ten, in doubles.
    private static double? Decimal(JsonElement node, JsonElement value)
    {
        if (!value.TryGetInt64(out var units) || Math.Abs(units) > MaxExact) return null;
        if (!node.GetProperty("value").GetProperty("type").TryGetProperty("type_info", out var info) || info.ValueKind != JsonValueKind.Object) return null;
        if (!info.TryGetProperty("scale", out var scale) || !scale.TryGetInt32(out var digits) || digits is < 0 or > 15) return null;
        return units / double.Parse($"1e{digits.ToString(CultureInfo.InvariantCulture)}", CultureInfo.InvariantCulture);
    }
}
