using System.Text;
using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Sessions;

/// <summary>The shared subscriptions there are.</summary>
internal sealed class SharedGroups(TopicTree topics, BrokerOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SharedGroup> _groups = [];

    public IReadOnlyList<SharedGroup> All
    {
        get
        {
            lock (_gate) return [.. _groups.Values];
        }
    }

    /// <summary>Share names have no slash: the key is unique.</summary>
    public static string KeyOf(string name, ReadOnlySpan<byte> filter) => $"{name}/{Encoding.UTF8.GetString(filter)}";

    /// <summary>The group of a share name and filter; a new one begins at <paramref name="since"/>.</summary>
    public SharedGroup GetOrAdd(string name, byte[] filter, long[] since, bool excludesParent)
    {
        lock (_gate)
        {
            var key = KeyOf(name, filter);
            if (_groups.TryGetValue(key, out var group)) return group;
            group = _groups[key] = new SharedGroup(name, filter, since, options.MaxListedMessages, excludesParent);
            topics.Add(group.Subscription);
            return group;
        }
    }

    /// <summary>A member leaves; a group without members is over.</summary>
    /// <param name="group">One of these.</param>
    /// <param name="session">That leaves; null to look only whether anybody is left.</param>
    public void Leave(SharedGroup group, Session? session)
    {
        lock (_gate)
        {
            if (!group.Leave(session)) return;
            _groups.Remove(KeyOf(group.Name, group.Subscription.Filter));
            topics.Remove(group, group.Subscription.Filter);
        }
    }
}
