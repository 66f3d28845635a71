using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Sessions;

/// <summary>A shared subscription (MQTT 5 section 4.8): each message goes to one of its members, and waits here while none of them has room.</summary>
/// <remarks>Its lock may be held while a session's is taken, never the other way round.</remarks>
internal sealed class SharedGroup : ISubscriber
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _members = [];
    private readonly Inbox _inbox;
    private readonly long[] _seen;
    private int _next;

    // Messages that members have taken up from here and not sent yet: what comes meanwhile must not overtake them.
    private int _pulled;
    private volatile bool _hasBacklog;

    /// <param name="name">The share name.</param>
    /// <param name="filter">Without <c>$share/name/</c>.</param>
    /// <param name="since">By partition, where its messages begin.</param>
    /// <param name="inboxCapacity">Positions that are listed.</param>
    /// <param name="excludesParent">See <see cref="Subscription.ExcludesParent"/>.</param>
    public SharedGroup(string name, byte[] filter, long[] since, int inboxCapacity, bool excludesParent)
    {
        Name = name;
        Number = SubscriberNumbers.Next();
        Subscription = new Subscription(this, filter, options: 2, identifier: 0, since) { ExcludesParent = excludesParent };
        _inbox = new Inbox(inboxCapacity, since.Length);
        _seen = (long[])since.Clone();
    }

    public string Name { get; }

    /// <summary>The one that stands in the tree of topics for all members'.</summary>
    public Subscription Subscription { get; }

    public long Number { get; }

    public bool MayOverlap => false;

    /// <summary>Whether messages wait for a member with room. A hint: it may be over when it is read.</summary>
    public bool HasBacklog => _hasBacklog;

    public bool IsDirty { get; set; }

    /// <summary>Whether anybody is left whose session outlives its connection.</summary>
    public bool IsDurable
    {
        get
        {
            lock (_gate) return _members.Exists(static member => ((Session)member.Subscriber).IsDurable);
        }
    }

    /// <summary>Messages listed for whichever member has room first.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _inbox.Count;
        }
    }

    public IReadOnlyList<Session> Members
    {
        get
        {
            lock (_gate) return [.. _members.Select(static member => (Session)member.Subscriber)];
        }
    }

    /// <summary>Adds a member, or replaces its options.</summary>
    public void Join(Subscription member)
    {
        lock (_gate)
        {
            _members.RemoveAll(m => m.Subscriber == member.Subscriber);
            _members.Add(member);
        }
    }

    /// <returns>True where nobody is left.</returns>
    public bool Leave(Session? session)
    {
        lock (_gate)
        {
            _members.RemoveAll(m => m.Subscriber == session);
            return _members.Count == 0;
        }
    }

    public void Deliver(in Message message, ReadOnlySpan<Subscription> matches, DeliveryRound round)
    {
        lock (_gate)
        {
            var position = message.Position;
            if (!position.IsNone)
            {
                if (position.Offset < _seen[position.Partition]) return;
                _seen[position.Partition] = position.Offset + 1;
                IsDirty = true;
            }

            if ((message.Qos == 0 || (_inbox.IsEmpty && _pulled == 0)) && TryDeliver(message, round)) return;
            if (message.Qos == 0)
            {
                round.Dropped();
                return;
            }

            _inbox.Add(position);
            _hasBacklog = true;

            // A member may have found room since it was asked.
            foreach (var member in _members) ((Session)member.Subscriber).FeedFromGroups();
        }
    }

    /// <summary>Takes the next message that waits. Whoever has a position calls <see cref="Done"/>.</summary>
    /// <param name="position">Of the message; where none could be taken and the result is true, the log has to be searched first.</param>
    /// <returns>False where nothing waits.</returns>
    public bool TryPull(out LogPosition position)
    {
        lock (_gate)
        {
            position = LogPosition.None;
            if (_inbox.IsEmpty)
            {
                _hasBacklog = false;
                return false;
            }

            if (_inbox.NeedsSearch) return true;
            position = _inbox.Take();
            _pulled++;
            return true;
        }
    }

    /// <summary>What was taken is sent, or, where it could not be, is the next again.</summary>
    public void Done(LogPosition position, bool isSent)
    {
        lock (_gate)
        {
            _pulled--;
            if (!isSent) PutBack(position);
        }
    }

    /// <summary>A message that a member got and did not acknowledge: somebody else's turn.</summary>
    public void Return(LogPosition position)
    {
        lock (_gate) PutBack(position);
    }

    /// <summary>Lets members that are connected take what waits.</summary>
    public void Feed()
    {
        lock (_gate)
            foreach (var member in _members) ((Session)member.Subscriber).FeedFromGroups();
    }

    /// <summary>Lists what had no place in the inbox, one frame of the log at a time.</summary>
    public void Search(LogReader reader)
    {
        int partition;
        long from, seen;
        lock (_gate)
        {
            if (!_inbox.NeedsSearch) return;
            (partition, from) = _inbox.Gap();
            seen = _seen[partition];
        }

        var found = reader.Search(partition, from, seen, Subscription, out var through);
        lock (_gate)
        {
            if (_inbox.Gap() != (partition, from)) return;
            _inbox.Found(partition, found, through, isAll: through >= _seen[partition]);
        }
    }

    public SharedGroupDocument ToDocument(IEnumerable<LogPosition> inFlight)
    {
        lock (_gate)
        {
            IsDirty = false;
            var positions = new List<LogPosition>(inFlight);
            for (var i = 0; i < _inbox.Count; i++) positions.Add(_inbox[i]);
            return new SharedGroupDocument
            {
                Since = Subscription.Since,
                Seen = (long[])_seen.Clone(),
                Waiting = [.. positions.Select(static position => position.Packed)],
                Gaps = _inbox.Gaps,
                ExcludesParent = Subscription.ExcludesParent,
            };
        }
    }

    public void Restore(SharedGroupDocument document)
    {
        lock (_gate)
        {
            _inbox.Restore(document.Waiting.Select(LogPosition.OfPacked), document.Gaps);
            document.Seen.AsSpan(0, Math.Min(document.Seen.Length, _seen.Length)).CopyTo(_seen);
            _hasBacklog = !_inbox.IsEmpty;
        }
    }

    private bool TryDeliver(in Message message, DeliveryRound round)
    {
        for (var i = 0; i < _members.Count; i++)
        {
            // In turns, beginning behind the one that got the last.
            var at = (_next + i) % _members.Count;
            if (!((Session)_members[at].Subscriber).TryDeliverShared(message, _members[at], this, round)) continue;
            _next = at + 1;
            return true;
        }

        return false;
    }

    private void PutBack(LogPosition position)
    {
        _inbox.PutBack(position);
        _hasBacklog = true;
        IsDirty = true;
    }
}
