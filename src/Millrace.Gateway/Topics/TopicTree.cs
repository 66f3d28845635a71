namespace Millrace.Gateway.Topics;

/// <summary>Who subscribed to what, by topic level. Matching takes no lock and allocates nothing; changes take turns.</summary>
/// <remarks>
/// A subscription counts for every match that begins after Add has returned. Nodes are only ever linked in complete, and lists of subscriptions
/// replaced as a whole, so that a reader sees the state before or after a change and nothing between.
/// </remarks>
internal sealed class TopicTree
{
    private readonly TopicNode _root = new();
    private readonly Lock _gate = new();
    private volatile int _count;

    public int Count => _count;

    public delegate void Found<TState>(Subscription subscription, scoped ref TState state)
        where TState : allows ref struct;

    /// <returns>False where it took the place of an equal filter of the same subscriber.</returns>
    public bool Add(Subscription subscription)
    {
        lock (_gate)
        {
            var (node, isBelow) = Walk(subscription.Filter);
            var old = isBelow ? node.Below : node.Here;
            var at = Array.FindIndex(old, s => s.Subscriber == subscription.Subscriber);
            var next = at < 0 ? [.. old, subscription] : (Subscription[])old.Clone();
            if (at >= 0) next[at] = subscription;
            else _count++;
            if (isBelow) node.SetBelow(next);
            else node.SetHere(next);
            return at < 0;
        }
    }

    /// <returns>False where there was no such subscription.</returns>
    public bool Remove(ISubscriber subscriber, ReadOnlySpan<byte> filter)
    {
        lock (_gate)
        {
            if (!Remove(_root, subscriber, filter)) return false;
            _count--;
            return true;
        }
    }

    /// <summary>Calls <paramref name="found"/> for each subscription whose filter matches a valid topic name.</summary>
    public void Match<TState>(ReadOnlySpan<byte> topic, scoped ref TState state, Found<TState> found)
        where TState : allows ref struct
    {
        if (_count == 0) return;

        // [MQTT-4.7.2-1] A filter that starts with a wildcard does not match names that start with '$'.
        if (topic[0] == '$')
        {
            var end = topic.IndexOf((byte)'/');
            var child = _root.Child(end < 0 ? topic : topic[..end]);
            if (child is not null) MatchBelow(child, end < 0 ? default : topic[(end + 1)..], isEnd: end < 0, ref state, found);
            return;
        }

        MatchBelow(_root, topic, isEnd: false, ref state, found);
    }

    private static void MatchBelow<TState>(
        TopicNode node, ReadOnlySpan<byte> rest, bool isEnd, scoped ref TState state, Found<TState> found)
        where TState : allows ref struct
    {
        // Section 4.7.1.2: '#' stands for the level it follows, too. Not with AWS.
        foreach (var subscription in node.Below)
            if (!isEnd || !subscription.ExcludesParent) found(subscription, ref state);
        if (isEnd)
        {
            foreach (var subscription in node.Here) found(subscription, ref state);
            return;
        }

        var end = rest.IndexOf((byte)'/');
        var level = end < 0 ? rest : rest[..end];
        var after = end < 0 ? default : rest[(end + 1)..];
        if (node.Any is { } any) MatchBelow(any, after, end < 0, ref state, found);
        if (node.Child(level) is { } child) MatchBelow(child, after, end < 0, ref state, found);
    }

    private (TopicNode Node, bool IsBelow) Walk(ReadOnlySpan<byte> filter)
    {
        var node = _root;
        while (true)
        {
            if (filter.SequenceEqual("#"u8)) return (node, true);
            var end = filter.IndexOf((byte)'/');
            node = node.ChildOrNew(end < 0 ? filter : filter[..end]);
            if (end < 0) return (node, false);
            filter = filter[(end + 1)..];
        }
    }

    private static bool Remove(TopicNode node, ISubscriber subscriber, ReadOnlySpan<byte> filter)
    {
        if (filter.SequenceEqual("#"u8))
        {
            var below = Without(node.Below, subscriber);
            if (below == node.Below) return false;
            node.SetBelow(below);
            return true;
        }

        var end = filter.IndexOf((byte)'/');
        var level = end < 0 ? filter : filter[..end];
        var child = level.SequenceEqual("+"u8) ? node.Any : node.Child(level);
        if (child is null) return false;
        if (end < 0)
        {
            var here = Without(child.Here, subscriber);
            if (here == child.Here) return false;
            child.SetHere(here);
        }
        else if (!Remove(child, subscriber, filter[(end + 1)..]))
        {
            return false;
        }

        if (child.IsEmpty) node.Prune(level);
        return true;
    }

    private static Subscription[] Without(Subscription[] all, ISubscriber subscriber)
    {
        var at = Array.FindIndex(all, s => s.Subscriber == subscriber);
        return at < 0 ? all : [.. all[..at], .. all[(at + 1)..]];
    }
}
