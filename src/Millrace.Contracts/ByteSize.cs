using System.Globalization;

namespace Millrace.Contracts;

/// <summary>A number of bytes that remembers it is one. Written <c>5MB</c>, <c>128MiB</c> or <c>512</c>.</summary>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private static readonly (string Suffix, long Factor)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ];

    public static ByteSize KiB(long count) => new(count << 10);

    public static ByteSize MiB(long count) => new(count << 20);

    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        var number = text.AsSpan().Trim();
        var factor = 1L;
        foreach (var (suffix, unit) in Units)
        {
            if (!number.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) continue;
            number = number[..^suffix.Length].TrimEnd();
            factor = unit;
            break;
        }

        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return false;
        if (count > long.MaxValue / factor) return false;
        size = new ByteSize((long)(count * factor));
        return true;
    }

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    public override string ToString()
    {
        for (var i = 3; i >= 0; i--)
            if (Bytes >= Units[i].Factor && Bytes % Units[i].Factor == 0) return $"{Bytes / Units[i].Factor}{Units[i].Suffix}";
        return Bytes.ToString(CultureInfo.InvariantCulture);
    }
}
