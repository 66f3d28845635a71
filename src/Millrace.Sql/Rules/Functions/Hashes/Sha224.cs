using System.Buffers.Binary;
using System.Numerics;

namespace Millrace.Sql.Rules.Functions.Hashes;

/// <summary>SHA-224 (FIPS 180-4 sections 5.3.2 and 6.3), which .NET has not: SHA-256 that starts elsewhere and is cut.</summary>
internal static class Sha224
{
    private const int BlockSize = 64;

    private static readonly uint[] K = Roots();

    /// <returns>28.</returns>
    public static int HashData(ReadOnlySpan<byte> text, Span<byte> into)
    {
        Span<uint> state = [0xC1059ED8, 0x367CD507, 0x3070DD17, 0xF70E5939, 0xFFC00B31, 0x68581511, 0x64F98FA7, 0xBEFA4FA4];
        var bits = (ulong)text.Length * 8;
        for (; text.Length >= BlockSize; text = text[BlockSize..]) Add(text[..BlockSize], state);

        // A one, zeros, and the length in bits at the end of a block.
        Span<byte> last = stackalloc byte[2 * BlockSize];
        last.Clear();
        text.CopyTo(last);
        last[text.Length] = 0x80;
        var size = text.Length < BlockSize - 8 ? BlockSize : 2 * BlockSize;
        BinaryPrimitives.WriteUInt64BigEndian(last[(size - 8)..], bits);
        for (var at = 0; at < size; at += BlockSize) Add(last.Slice(at, BlockSize), state);
        for (var i = 0; i < 7; i++) BinaryPrimitives.WriteUInt32BigEndian(into[(4 * i)..], state[i]);
        return 28;
    }

    private static void Add(ReadOnlySpan<byte> block, Span<uint> state)
    {
        Span<uint> w = stackalloc uint[64];
        for (var i = 0; i < 16; i++) w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        for (var i = 16; i < 64; i++)
        {
            var (x, y) = (w[i - 15], w[i - 2]);
            var s0 = BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3);
            var s1 = BitOperations.RotateRight(y, 17) ^ BitOperations.RotateRight(y, 19) ^ (y >> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }

        Span<uint> v = stackalloc uint[8];
        state.CopyTo(v);
        for (var i = 0; i < 64; i++)
        {
            var s1 = BitOperations.RotateRight(v[4], 6) ^ BitOperations.RotateRight(v[4], 11) ^ BitOperations.RotateRight(v[4], 25);
            var t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[i] + w[i];
            var s0 = BitOperations.RotateRight(v[0], 2) ^ BitOperations.RotateRight(v[0], 13) ^ BitOperations.RotateRight(v[0], 22);
            var t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
            v[..7].CopyTo(v[1..]);
            v[4] += t1;
            v[0] = t1 + t2;
        }

        for (var i = 0; i < 8; i++) state[i] += v[i];
    }

    /// <summary>Section 4.2.2: the first 32 bits behind the point of the cube roots of the first 64 primes.</summary>
    private static uint[] Roots()
    {
        var roots = new uint[64];
        for (var (prime, found) = (2, 0); found < roots.Length; prime++)
        {
            if (Enumerable.Range(2, prime - 2).Any(d => prime % d == 0)) continue;

            // The largest whole number whose cube is not above prime * 2^96 is the root with 32 bits behind the point.
            var (low, high) = (BigInteger.Zero, BigInteger.One << 36);
            while (high - low > 1)
            {
                var middle = (low + high) / 2;
                if (BigInteger.Pow(middle, 3) <= (new BigInteger(prime) << 96)) low = middle;
                else high = middle;
            }

            roots[found++] = (uint)(low & uint.MaxValue);
        }

        return roots;
    }
}
