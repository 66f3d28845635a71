namespace Millrace.Sql.Rules.Functions.Hashes;

/// <summary>MD2 (RFC 1319), which .NET has no more.</summary>
internal static class Md2
{
    private const int BlockSize = 16;
    private const int Rounds = 18;

    // Section 3.2: a permutation of the bytes, made of the digits of pi.
    private static readonly byte[] S = Permutation();

    /// <returns>16.</returns>
    public static int HashData(ReadOnlySpan<byte> text, Span<byte> into)
    {
        Span<byte> state = stackalloc byte[3 * BlockSize];
        Span<byte> checksum = stackalloc byte[BlockSize];
        state.Clear();
        checksum.Clear();
        for (; text.Length >= BlockSize; text = text[BlockSize..]) Add(text[..BlockSize], state, checksum);

        // Section 3.1: as many bytes as are missing, each saying how many; a whole block where none is.
        Span<byte> last = stackalloc byte[BlockSize];
        last.Fill((byte)(BlockSize - text.Length));
        text.CopyTo(last);
        Add(last, state, checksum);
        checksum.CopyTo(last);
        Add(last, state, checksum);
        state[..BlockSize].CopyTo(into);
        return BlockSize;
    }

    private static void Add(ReadOnlySpan<byte> block, Span<byte> state, Span<byte> checksum)
    {
        var previous = checksum[^1];
        for (var i = 0; i < BlockSize; i++)
        {
            state[BlockSize + i] = block[i];
            state[(2 * BlockSize) + i] = (byte)(block[i] ^ state[i]);
            previous = checksum[i] ^= S[block[i] ^ previous];
        }

        var t = 0;
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < state.Length; i++) t = state[i] ^= S[t];
            t = (t + round) & 0xFF;
        }
    }

    /// <summary>The table of the RFC, by the way it was made: a shuffle that takes its numbers from the digits of pi.</summary>
    private static byte[] Permutation()
    {
        var table = new byte[256];
        for (var i = 0; i < table.Length; i++) table[i] = (byte)i;
        var digits = new PiDigits();
        for (var i = 2; i <= table.Length; i++)
        {
            var j = digits.Below(i);
            (table[j], table[i - 1]) = (table[i - 1], table[j]);
        }

        return table;
    }
}
