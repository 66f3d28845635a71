using System.Buffers.Binary;
using System.Numerics;

namespace Millrace.Sql.Rules;

/// <summary>From a node and the name of a level to the node behind it: one hash table for the whole tree.</summary>
internal sealed class TopicTreeNames
{
    private const ulong Odd = 0x9E3779B97F4A7C15;

    private readonly Entry[] _entries;
    private readonly byte[] _text;
    private readonly uint _mask;

    /// <param name="steps">Each node and name once. No child is node 0.</param>
    /// <param name="nodes">Get to know how many names they have, and which if it is one.</param>
    public TopicTreeNames(IReadOnlyCollection<(int Node, byte[] Name, int Child)> steps, TopicTreeNode[] nodes)
    {
        // At least half of the entries are free, which ends every search soon.
        _entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)(2 * steps.Count) + 1)];
        _mask = (uint)_entries.Length - 1;
        _text = new byte[steps.Sum(static step => step.Name.Length)];
        var used = 0;
        foreach (var (node, name, child) in steps)
        {
            name.CopyTo(_text, used);
            var hash = Hash(name);
            var slot = Slot(node, hash);
            while (_entries[slot].Child != 0) slot = (slot + 1) & _mask;
            var text = new TopicTreeRange(used, name.Length);
            _entries[slot] = new Entry { Hash = hash, Node = node, Child = child, Name = text };
            nodes[node].Names++;
            nodes[node].OnlyName = text;
            nodes[node].OnlyChild = child;
            used += name.Length;
        }
    }

    /// <param name="node">Number <paramref name="at"/>.</param>
    /// <returns>The child, or 0.</returns>
    public int Find(in TopicTreeNode node, int at, ReadOnlySpan<byte> name)
    {
        if (node.Names == 1) return Is(node.OnlyName, name) ? node.OnlyChild : 0;
        var hash = Hash(name);
        for (var slot = Slot(at, hash); ; slot = (slot + 1) & _mask)
        {
            ref readonly var entry = ref _entries[slot];
            if (entry.Child == 0) return 0;
            if (entry.Hash == hash && entry.Node == at && Is(entry.Name, name)) return entry.Child;
        }
    }

    private bool Is(TopicTreeRange range, ReadOnlySpan<byte> name) => name.SequenceEqual(_text.AsSpan(range.Start, range.Count));

    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = (ulong)name.Length * Odd;
        while (name.Length > sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(name));
            name = name[sizeof(ulong)..];
        }

        return Mix(hash ^ Tail(name));
    }

    /// <summary>Eight bytes at most, as one number.</summary>
    private static ulong Tail(ReadOnlySpan<byte> name)
    {
        if (name.Length >= sizeof(uint))
        {
            var first = BinaryPrimitives.ReadUInt32LittleEndian(name);
            return first | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^sizeof(uint)..]) << 32);
        }

        // One, two or three bytes: the first, the middle one, the last.
        return name.IsEmpty ? 0 : name[0] | ((ulong)name[name.Length / 2] << 8) | ((ulong)name[^1] << 16);
    }

    private static ulong Mix(ulong value)
    {
        var product = Math.BigMul(value, Odd, out var low);
        return product ^ low;
    }

    private uint Slot(int node, ulong hash) => (uint)(Mix(hash + (uint)node) >> 32) & _mask;

    private struct Entry
    {
        public ulong Hash;
        public int Node;
        public int Child;
        public TopicTreeRange Name;
    }
}
