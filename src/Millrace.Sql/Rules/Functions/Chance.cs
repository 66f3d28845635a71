using System.Buffers.Binary;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Chance that repeats: of the message, the rule and how many times it was asked before. Of messages that no log has taken it is real.</summary>
/// <remarks>A message that is evaluated again after a crash must give the same rows again, or they would be stored twice.</remarks>
internal sealed class Chance(Random random)
{
    private ulong _first;
    private ulong _second;
    private ulong _asked;
    private bool _isSeeded;

    /// <summary>The next message.</summary>
    public void Begin()
    {
        _isSeeded = false;
        _asked = 0;
    }

    /// <summary>
    /// For a variable, which is the same wherever it is computed for a message: in the statement and in each template of its rule. So its
    /// chance must not depend on what was asked before.
    /// </summary>
    /// <returns>What <see cref="Leave"/> is to be given behind it.</returns>
    public ulong Enter(int variable)
    {
        var asked = _asked;
        _asked = ((ulong)variable + 1) << 32;
        return asked;
    }

    public void Leave(ulong asked) => _asked = asked;

    /// <summary>From 0 to below 1, with the 53 bits of a double.</summary>
    public double NextDouble(scoped in Evaluation e)
    {
        Seed(e);
        return (Mix(_first + (++_asked * 0x9E3779B97F4A7C15), Hash(e.Options.Rule)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A UUID, another each time.</summary>
    public Guid NextUuid(scoped in Evaluation e)
    {
        Seed(e);
        var step = ++_asked * 0x9E3779B97F4A7C15;
        var rule = Hash(e.Options.Rule);
        return Uuid(Mix(_first + step, rule), Mix(_second + step, rule));
    }

    /// <summary>The message's own UUID, in every rule the same.</summary>
    public Guid MessageUuid(scoped in Evaluation e)
    {
        Seed(e);
        return Uuid(Mix(_first, _second), Mix(_second, _first));
    }

    private void Seed(scoped in Evaluation e)
    {
        if (_isSeeded) return;
        _isSeeded = true;
        if (e.Offset < 0)
        {
            (_first, _second) = ((ulong)random.NextInt64(), (ulong)random.NextInt64());
            return;
        }

        // An offset is one partition's, a client's messages are all in one: with the key no two messages are the same.
        var place = Mix((ulong)e.Offset, (ulong)e.ArrivalNs);
        var text = Hash(e.Topic, Hash(e.Key, 0xCBF29CE484222325));
        (_first, _second) = (Mix(place, text), Mix(text, place));
    }

    /// <summary>Of version 4: all but six bits by chance.</summary>
    private static Guid Uuid(ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Two numbers as one, every bit of which depends on every bit of both (the finalizer of SplitMix64, twice).</summary>
    private static ulong Mix(ulong a, ulong b) => Scatter(Scatter(a) + (b * 0xD1B54A32D192ED03) + 0x9E3779B97F4A7C15);

    private static ulong Scatter(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>FNV-1a.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes, ulong hash)
    {
        foreach (var b in bytes) hash = (hash ^ b) * 0x100000001B3;
        return (hash ^ (ulong)bytes.Length) * 0x100000001B3;
    }

    private static ulong Hash(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in text) hash = (hash ^ c) * 0x100000001B3;
        return hash;
    }
}
