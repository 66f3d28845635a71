using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Millrace.Sql.Rules;

/// <summary>Many topic filters at once: finds the values of all that match a topic, in one pass over the topic.</summary>
/// <remarks>
/// Immutable, for any number of threads: a changed set of filters is a new tree. Matches what <see cref="TopicFilter.Matches"/> matches.
/// What a topic costs depends on its levels and on how many filters match some beginning of it, not on how many there are.
/// </remarks>
public sealed class TopicTree<T>
{
    // Filters that all match the beginning of one topic: more of them, and the memory comes from a pool.
    private const int FewNodes = 16;

    private readonly TopicTreeNode[] _nodes;
    private readonly TopicTreeNames _names;
    private readonly T[] _values;
    private readonly int _widest;

    internal TopicTree(TopicTreeNode[] nodes, TopicTreeNames names, T[] values, int widest)
    {
        _nodes = nodes;
        _names = names;
        _values = values;
        _widest = widest;
    }

    /// <summary>How many filters there are.</summary>
    public int Count => _values.Length;

    /// <summary>A tree of filters with what is to be found by each. A filter may be there more than once, and a value too.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "What is kept must be named where it is not plain from the filters, as with an empty set.")]
    public static TopicTree<T> Of(IEnumerable<(TopicFilter Filter, T Value)> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        var builder = new TopicTreeBuilder<T>();
        foreach (var (filter, value) in filters) builder.Add(filter.Text, value);
        return builder.Build();
    }

    /// <summary>Adds to <paramref name="into"/> the value of each filter that matches: those of shorter filters first, those of one filter in their order.</summary>
    /// <param name="topic">UTF-8, a topic name without wildcards.</param>
    /// <param name="into">Only it may grow; nothing else is allocated.</param>
    public void Match(ReadOnlySpan<byte> topic, List<T> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_widest <= FewNodes)
        {
            Match(topic, into, stackalloc int[2 * FewNodes]);
            return;
        }

        var rented = ArrayPool<int>.Shared.Rent(2 * _widest);
        Match(topic, into, rented);
        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Level by level: which nodes the topic has reached, from these to those of the next level.</summary>
    private void Match(ReadOnlySpan<byte> topic, List<T> into, scoped Span<int> room)
    {
        var reached = room[.._widest];
        var next = room.Slice(_widest, _widest);
        reached[0] = 0;
        var count = 1;
        // MQTT 4.7.2: no wildcard in the first level for such topics.
        var wildcards = topic.IsEmpty || topic[0] != '$';
        var levels = new TopicTreeLevels(topic);
        while (true)
        {
            if (wildcards)
                foreach (var node in reached[..count]) Add(_nodes[node].Below, into);
            levels.Next();
            count = Step(levels.Current, reached[..count], next, wildcards);
            if (levels.IsLast) break;
            if (count == 0) return;
            wildcards = true;
            var swapped = reached;
            reached = next;
            next = swapped;
        }

        foreach (var node in next[..count]) Add(_nodes[node].Here, into);
    }

    private int Step(ReadOnlySpan<byte> level, ReadOnlySpan<int> reached, scoped Span<int> next, bool wildcards)
    {
        var count = 0;
        foreach (var at in reached)
        {
            ref readonly var node = ref _nodes[at];
            if (node.Names > 0 && _names.Find(node, at, level) is > 0 and var child) next[count++] = child;
            if (node.Plus > 0 && wildcards) next[count++] = node.Plus;
        }

        return count;
    }

    private void Add(TopicTreeRange range, List<T> into)
    {
        if (range.Count == 1)
            into.Add(_values[range.Start]);
        else if (range.Count > 1)
            CollectionExtensions.AddRange(into, _values.AsSpan(range.Start, range.Count));
    }
}
