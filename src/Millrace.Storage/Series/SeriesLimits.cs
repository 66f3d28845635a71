using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>What a table takes: Timestream's limits, where it has one.</summary>
internal static class SeriesLimits
{
    public const int Dimensions = 128;
    public const int DimensionNameBytes = 60;

    /// <summary>Names and values of the dimensions of one series.</summary>
    public const int DimensionBytes = 2048;
    public const int MeasureNames = 8192;
    public const int MeasureNameBytes = 256;
    public const int MeasureColumns = 1024;
    public const int MeasuresPerRecord = 256;

    /// <summary>A varchar value. Timestream's whole record has 2 KB; text that outgrows 64 KiB belongs into the lake.</summary>
    public const int ValueBytes = 64 << 10;

    public const int Tables = 10_000;

    /// <summary>2262-04-11, where nanoseconds in 64 bits end; DuckDB keeps the last values for infinity.</summary>
    public const long LastTime = 9_223_286_400_000_000_000;

    /// <summary>1677-09-22, the first whole day.</summary>
    public const long FirstTime = -9_223_286_400_000_000_000;

    /// <summary>What SQL calls a type, as in messages.</summary>
    public static string NameOf(MeasureType type) => type switch
    {
        MeasureType.Double => "DOUBLE",
        MeasureType.Bigint => "BIGINT",
        MeasureType.Varchar => "VARCHAR",
        MeasureType.Boolean => "BOOLEAN",
        _ => "TIMESTAMP",
    };

    /// <summary>Why a dimension or a measure column cannot have this name; null where it can.</summary>
    public static string? WrongName(string what, string name, int maxBytes)
    {
        if (name.Length == 0) return $"a {what} without a name";
        if (System.Text.Encoding.UTF8.GetByteCount(name) > maxBytes) return $"{what} '{Short(name)}': its name is longer than {maxBytes} bytes";
        if (name.Contains(':', StringComparison.Ordinal)) return $"{what} '{name}': its name must not contain ':'";
        if (name.Contains('\0', StringComparison.Ordinal)) return $"{what} '{Short(name)}': its name must not contain a zero character";
        if (name.Equals("time", StringComparison.OrdinalIgnoreCase) || name.Equals("measure_name", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("ts_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("measure_value", StringComparison.OrdinalIgnoreCase))
            return $"{what} '{name}': this name is kept for Timestream's own columns (time, measure_name, measure_value…, ts_…)";
        return null;
    }

    public static string Short(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
