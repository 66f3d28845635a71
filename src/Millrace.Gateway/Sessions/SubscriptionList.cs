using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Sessions;

/// <summary>The subscriptions of one session. Immutable: each change makes a new list.</summary>
internal sealed class SubscriptionList
{
    private readonly Subscription[] _all;
    private readonly Subscription[] _shared;

    private SubscriptionList(Subscription[] all)
    {
        _all = all;
        _shared = Array.FindAll(all, static subscription => subscription.Group is not null);
    }

    public static SubscriptionList Empty { get; } = new([]);

    public IReadOnlyList<Subscription> All => _all;

    /// <summary>Those that count for messages of the log that are looked for: what comes with QoS 0 was sent when it was published, or dropped.</summary>
    public Subscription[] Listing => Array.FindAll(_all, static subscription => subscription.Group is null && subscription.Qos > 0);

    /// <summary>A shared subscription with messages waiting; null where there is none.</summary>
    public SharedGroup? Backlog => Array.Find(_shared, static subscription => subscription.Group!.HasBacklog)?.Group;

    public Subscription? Find(ReadOnlySpan<byte> filter, string? share) => IndexOf(filter, share) is var at and >= 0 ? _all[at] : null;

    /// <summary>By which it is a member of a shared subscription; null where it is none any more.</summary>
    public Subscription? MemberOf(SharedGroup group) => Array.Find(_shared, subscription => subscription.Group == group);

    /// <summary>In the place of the one with the same filter and share name, else behind the others.</summary>
    public SubscriptionList With(Subscription subscription)
    {
        var at = IndexOf(subscription.Filter, subscription.Group?.Name);
        return new(at < 0 ? [.. _all, subscription] : [.. _all[..at], subscription, .. _all[(at + 1)..]]);
    }

    public SubscriptionList Without(Subscription subscription) => new(Array.FindAll(_all, other => other != subscription));

    /// <summary>By which subscriptions a message of the log was meant for the session.</summary>
    /// <param name="message">Of the log.</param>
    /// <param name="shared">Whether by its shared ones or by its others; null: by all.</param>
    public List<Subscription> Wanting(in Message message, bool? shared)
    {
        var wanting = new List<Subscription>(1);
        foreach (var subscription in _all)
            if (shared is not { } only || only == subscription.Group is not null)
                if (subscription.Wants(message)) wanting.Add(subscription);
        return wanting;
    }

    private int IndexOf(ReadOnlySpan<byte> filter, string? share)
    {
        for (var i = 0; i < _all.Length; i++)
            if (filter.SequenceEqual(_all[i].Filter) && _all[i].Group?.Name == share) return i;
        return -1;
    }
}
