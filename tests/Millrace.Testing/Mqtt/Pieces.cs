using System.Buffers;

namespace Millrace.Testing.Mqtt;

/// <summary>Bytes as they come off a network: in pieces of any size, empty ones too.</summary>
public static class Pieces
{
    public static List<byte[]> Cut(Random random, ReadOnlySpan<byte> bytes)
    {
        var pieces = new List<byte[]>();
        var longest = random.Next(3) switch { 0 => 2, 1 => 9, _ => Math.Max(2, bytes.Length) };
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, random.Next(longest + 1));
            pieces.Add(bytes[..length].ToArray());
            bytes = bytes[length..];
        }

        return pieces;
    }

    public static ReadOnlySequence<byte> Join(params IReadOnlyList<byte[]> pieces)
    {
        if (pieces.Count == 0) return default;
        var first = new Segment(pieces[0], 0);
        var last = first;
        foreach (var piece in pieces.Skip(1)) last = last.Followed(piece);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long at) => (Memory, RunningIndex) = (bytes, at);

        public Segment Followed(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
