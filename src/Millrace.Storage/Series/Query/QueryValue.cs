using System.Globalization;
using System.Text;
using System.Text.Json;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Query;

/// <summary>One value of an answer, out of DuckDB's memory.</summary>
internal static class QueryValue
{
    /// <summary>The largest whole number that JavaScript, and so most readers of JSON, keeps exactly.</summary>
    public const long MaxExact = (1L << 53) - 1;

    private const int MaxExactDigits = 15;

    /// <summary>Numbers that a JSON reader might round are written as text; so are NaN and infinity.</summary>
    public static void WriteJson(Utf8JsonWriter json, QueryColumn column, Vector vector, int row)
    {
        if (!vector.IsValid(row))
        {
            json.WriteNullValue();
            return;
        }

        switch (column.Stored)
        {
            case ColumnType.Boolean:
                json.WriteBooleanValue(vector.Value<bool>(row));
                return;
            case ColumnType.Double or ColumnType.Float:
                Write(json, Double(column, vector, row));
                return;
            case ColumnType.Varchar when column.IsJson:
                json.WriteRawValue(vector.Text(row));
                return;
            case ColumnType.Varchar:
                json.WriteStringValue(vector.Text(row));
                return;
            case ColumnType.Decimal:
                var text = DecimalText(column, vector, row);
                if (text.Length <= MaxExactDigits) json.WriteRawValue(text);
                else json.WriteStringValue(text);
                return;
            default:
                if (Integer(column, vector, row) is not { } integer) WriteTime(json, column, vector, row);
                else if (Int128.Abs(integer) <= MaxExact) json.WriteNumberValue((long)integer);
                else json.WriteStringValue(integer.ToString(CultureInfo.InvariantCulture));
                return;
        }
    }

    /// <summary>As bool, long, double or string; null for null. Numbers larger than a long, and decimals, are strings.</summary>
    public static object? Read(QueryColumn column, Vector vector, int row)
    {
        if (!vector.IsValid(row)) return null;
        switch (column.Stored)
        {
            case ColumnType.Boolean:
                return vector.Value<bool>(row);
            case ColumnType.Double or ColumnType.Float:
                return Double(column, vector, row);
            case ColumnType.Varchar:
                return Encoding.UTF8.GetString(vector.Text(row));
            case ColumnType.Decimal:
                return DecimalText(column, vector, row);
            default:
                if (Integer(column, vector, row) is not { } integer) return Time(column, vector, row);
                return integer >= long.MinValue && integer <= long.MaxValue ? (long)integer : integer.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A time as text.</summary>
    /// <param name="ns">Since 1970; the least but one and the greatest stand for no end.</param>
    public static string TimeOf(long ns) => ns switch
    {
        long.MaxValue => "infinity",
        -long.MaxValue => "-infinity",
        _ => TimeText.Of(ns),
    };

    private static void Write(Utf8JsonWriter json, double value)
    {
        Span<byte> text = stackalloc byte[DoubleText.MaxLength];
        if (DoubleText.TryWrite(value, text) is var written and > 0) json.WriteRawValue(text[..written], skipInputValidation: true);
        else if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    private static double Double(QueryColumn column, Vector vector, int row) =>
        column.Stored == ColumnType.Double ? vector.Value<double>(row) : vector.Value<float>(row);

    private static Int128? Integer(QueryColumn column, Vector vector, int row) => column.Stored switch
    {
        ColumnType.TinyInt => vector.Value<sbyte>(row),
        ColumnType.SmallInt => vector.Value<short>(row),
        ColumnType.Integer => vector.Value<int>(row),
        ColumnType.BigInt => vector.Value<long>(row),
        ColumnType.UTinyInt => vector.Value<byte>(row),
        ColumnType.USmallInt => vector.Value<ushort>(row),
        ColumnType.UInteger => vector.Value<uint>(row),
        ColumnType.UBigInt => vector.Value<ulong>(row),
        ColumnType.HugeInt => vector.Value<Int128>(row),
        _ => null,
    };

    private static string DecimalText(QueryColumn column, Vector vector, int row)
    {
        var units = column.Carrier switch
        {
            ColumnType.SmallInt => (Int128)vector.Value<short>(row),
            ColumnType.Integer => vector.Value<int>(row),
            ColumnType.BigInt => vector.Value<long>(row),
            _ => vector.Value<Int128>(row),
        };
        var digits = Int128.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(column.Scale + 1, '0');
        var text = column.Scale == 0 ? digits : $"{digits[..^column.Scale]}.{digits[^column.Scale..]}";
        return units < 0 ? $"-{text}" : text;
    }

    private static void WriteTime(Utf8JsonWriter json, QueryColumn column, Vector vector, int row)
    {
        Span<char> text = stackalloc char[TimeText.Length];
        if (Nanoseconds(column, vector, row) is { } ns && column.Stored != ColumnType.Date)
        {
            TimeText.Write(ns, text);
            json.WriteStringValue(text);
        }
        else
        {
            json.WriteStringValue(Time(column, vector, row));
        }
    }

    private static string Time(QueryColumn column, Vector vector, int row)
    {
        if (column.Stored == ColumnType.Date)
        {
            var day = vector.Value<int>(row);
            if (day is int.MaxValue or -int.MaxValue) return day > 0 ? "infinity" : "-infinity";
            return day is > -719_163 and < 2_932_897
                ? DateOnly.FromDayNumber(719_162 + day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : $"{day} days from 1970-01-01";
        }

        return Nanoseconds(column, vector, row) is { } ns ? TimeText.Of(ns) : Beyond(column, vector.Value<long>(row));
    }

    // Times that nanoseconds in 64 bits do not reach: microseconds and coarser can.
    private static string Beyond(QueryColumn column, long units) => units switch
    {
        long.MaxValue => "infinity",
        -long.MaxValue => "-infinity",
        _ => $"{units} {(column.Stored == ColumnType.TimestampS ? "s" : column.Stored == ColumnType.TimestampMs ? "ms" : "us")} from 1970-01-01",
    };

    private static long? Nanoseconds(QueryColumn column, Vector vector, int row)
    {
        var units = vector.Value<long>(row);
        if (units is long.MaxValue or -long.MaxValue) return null;
        var factor = column.Stored switch
        {
            ColumnType.TimestampS => 1_000_000_000,
            ColumnType.TimestampMs => 1_000_000,
            ColumnType.TimestampNs => 1,
            _ => 1000,
        };
        var ns = (Int128)units * factor;
        return ns >= long.MinValue && ns <= long.MaxValue ? (long)ns : null;
    }
}
