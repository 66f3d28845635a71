using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Millrace.Storage.Log;

/// <summary>How Kinesis spreads keys: partition i of n owns the numbers from 2^128 * i / n, rounded down, to where the next begins.</summary>
public sealed class HashRanges
{
    private readonly UInt128[] _starts;

    /// <param name="partitions">At least 1.</param>
    public HashRanges(int partitions)
    {
        // 2^128 itself is one too many for the type: it is n * quotient + remainder.
        var n = (UInt128)(uint)partitions;
        var quotient = UInt128.MaxValue / n;
        var remainder = (UInt128.MaxValue % n) + 1;
        _starts = [.. Enumerable.Range(0, partitions).Select(i => (quotient * (uint)i) + (remainder * (uint)i / n))];
    }

    /// <summary>The first number that a partition owns.</summary>
    public UInt128 StartOf(int partition) => _starts[partition];

    /// <summary>The last number that a partition owns.</summary>
    public UInt128 EndOf(int partition) => partition + 1 < _starts.Length ? _starts[partition + 1] - 1 : UInt128.MaxValue;

    /// <summary>The partition that owns a number.</summary>
    public int PartitionOf(UInt128 hash)
    {
        var found = Array.BinarySearch(_starts, hash);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>Of a partition key: its MD5, read as a number from the most significant byte on.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "It spreads keys as Kinesis does, and protects nothing.")]
    public static UInt128 HashOf(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(key, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    /// <summary>An explicit hash key: 0, or digits that do not begin with 0, up to 2^128 - 1.</summary>
    public static bool TryParse(string? text, out UInt128 hash)
    {
        hash = default;
        return text is { Length: > 0 and <= 39 } && (text.Length == 1 || text[0] != '0')
            && UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out hash);
    }
}
