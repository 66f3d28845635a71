using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Millrace.Sql.Rules;

/// <summary>The levels of a topic, one after the other. Even an empty topic has one.</summary>
internal ref struct TopicTreeLevels
{
    // Of longer topics each slash is looked for by itself.
    private const int Longest = 64;

    private readonly ReadOnlySpan<byte> _topic;
    private ulong _slashes;
    private int _next;

    public TopicTreeLevels(ReadOnlySpan<byte> topic)
    {
        _topic = topic;
        _slashes = topic.Length <= Longest ? Slashes(topic) : 0;
    }

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Whether <see cref="Current"/> is the last.</summary>
    public readonly bool IsLast => _next > _topic.Length;

    /// <summary>Steps to the next level; there must be one.</summary>
    public void Next()
    {
        int end;
        if (_topic.Length > Longest)
        {
            end = _topic[_next..].IndexOf((byte)'/');
            end = end < 0 ? _topic.Length : _next + end;
        }
        else
        {
            end = Math.Min(BitOperations.TrailingZeroCount(_slashes), _topic.Length);
            _slashes &= _slashes - 1;
        }

        Current = _topic[_next..end];
        _next = end + 1;
    }

    /// <summary>A bit for each byte that is a slash. Blocks from both ends meet, or overlap.</summary>
    private static ulong Slashes(ReadOnlySpan<byte> topic)
    {
        var length = topic.Length;
        if (length >= 32) return Slashes(Vector256.Create(topic)) | ((ulong)Slashes(Vector256.Create(topic[(length - 32)..])) << (length - 32));
        if (length >= 16) return Slashes(Vector128.Create(topic)) | (Slashes(Vector128.Create(topic[(length - 16)..])) << (length - 16));
        if (length >= 8)
        {
            var both = Vector128.Create(BinaryPrimitives.ReadUInt64LittleEndian(topic), BinaryPrimitives.ReadUInt64LittleEndian(topic[(length - 8)..]));
            var slashes = Slashes(both.AsByte());
            return (slashes & 0xFF) | (slashes >> 8 << (length - 8));
        }

        var few = 0UL;
        for (var i = 0; i < length; i++)
            if (topic[i] == '/') few |= 1UL << i;
        return few;
    }

    private static uint Slashes(Vector256<byte> block) => Vector256.Equals(block, Vector256.Create((byte)'/')).ExtractMostSignificantBits();

    private static uint Slashes(Vector128<byte> block) => Vector128.Equals(block, Vector128.Create((byte)'/')).ExtractMostSignificantBits();
}
