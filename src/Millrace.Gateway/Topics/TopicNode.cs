using System.Collections.Concurrent;

namespace Millrace.Gateway.Topics;

/// <summary>One level of filters that begin alike. Read by any thread while one, under the tree's lock, changes it.</summary>
internal sealed class TopicNode
{
    private ConcurrentDictionary<byte[], TopicNode>? _children;
    private volatile Subscription[] _here = [];
    private volatile Subscription[] _below = [];
    private volatile TopicNode? _any;

    /// <summary>Filters that end at this level.</summary>
    public Subscription[] Here => _here;

    /// <summary>Filters that end with <c>#</c> below this level.</summary>
    public Subscription[] Below => _below;

    /// <summary>Filters that go on with <c>+</c>.</summary>
    public TopicNode? Any => _any;

    public bool IsEmpty => _here.Length == 0 && _below.Length == 0 && _any is null && _children is null or { IsEmpty: true };

    public TopicNode? Child(ReadOnlySpan<byte> level)
    {
        var children = Volatile.Read(ref _children);
        if (children is null) return null;
        return children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out var child) ? child : null;
    }

    public TopicNode ChildOrNew(ReadOnlySpan<byte> level)
    {
        if (level.SequenceEqual("+"u8)) return _any ??= new TopicNode();
        if (Child(level) is { } found) return found;
        if (_children is null)
            Volatile.Write(ref _children, new ConcurrentDictionary<byte[], TopicNode>(concurrencyLevel: 1, capacity: 1, LevelComparer.Instance));
        return _children![level.ToArray()] = new TopicNode();
    }

    public void Prune(ReadOnlySpan<byte> level)
    {
        if (level.SequenceEqual("+"u8)) _any = null;
        else _children?.GetAlternateLookup<ReadOnlySpan<byte>>().TryRemove(level, out _);
    }

    public void SetHere(Subscription[] subscriptions) => _here = subscriptions;

    public void SetBelow(Subscription[] subscriptions) => _below = subscriptions;
}
