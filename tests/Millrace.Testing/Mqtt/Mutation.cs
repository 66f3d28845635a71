namespace Millrace.Testing.Mqtt;

/// <summary>Bytes that were valid once, changed in the ways in which parsers have been broken before.</summary>
public static class Mutation
{
    private static readonly byte[] Edges = [0x00, 0x01, 0x02, 0x7F, 0x80, 0x81, 0xFF, (byte)'/', (byte)'+', (byte)'#', (byte)'$'];

    /// <param name="random">Decides all.</param>
    /// <param name="bytes">Left as they are.</param>
    /// <param name="other">Another sample, to splice with.</param>
    public static byte[] Of(Random random, byte[] bytes, byte[] other)
    {
        var result = bytes.ToList();
        for (var times = 1 + random.Next(random.Next(1, 6)); times > 0; times--) Change(random, result, other);
        return [.. result];
    }

    private static void Change(Random random, List<byte> bytes, byte[] other)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }

        var at = random.Next(bytes.Count);
        var length = random.Next(1, Math.Min(16, bytes.Count - at) + 1);
        switch (random.Next(10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = Edges[random.Next(Edges.Length)];
                break;
            case 2:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3:
                // A length, one too large or too small.
                bytes[at] = (byte)(bytes[at] + (random.Next(2) == 0 ? 1 : -1));
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 6:
                bytes.Insert(at, Edges[random.Next(Edges.Length)]);
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8:
                // The remaining length of a packet that begins here.
                if (at + 1 < bytes.Count) bytes[at + 1] = (byte)Math.Min(bytes.Count - at - 2, random.Next(256));
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                break;
        }
    }
}
