using Millrace.Gateway.Connections;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Sessions;

namespace Millrace.Gateway.Topics;

/// <summary>Delivers messages to all who subscribed, and has each connection's output written once when all messages at hand are delivered.</summary>
/// <remarks>Not for two threads at once.</remarks>
internal sealed class DeliveryRound(TopicTree topics, GatewayCounters counters)
{
    private readonly List<Connection> _touched = [];
    private readonly List<Subscription> _overlapping = [];
    private readonly Subscription[] _one = new Subscription[1];
    private int _sent;
    private int _dropped;

    /// <summary>Hands a message to each subscriber one of whose subscriptions matches: once, whatever number of them does.</summary>
    public void Deliver(in Message message)
    {
        if (topics.Count == 0) return;
        var delivery = new Delivery { Message = message, Round = this };
        topics.Match(message.Topic, ref delivery, static (subscription, scoped ref delivery) => delivery.Round.Found(delivery.Message, subscription));
        if (_overlapping.Count > 0) DeliverOverlapping(message);
    }

    public void Sent() => _sent++;

    /// <summary>A message that a subscriber should have got and did not.</summary>
    public void Dropped() => _dropped++;

    public void Touch(Connection connection) => _touched.Add(connection);

    public void End()
    {
        if (_sent > 0) counters.Sent(_sent);
        if (_dropped > 0) counters.Dropped(_dropped);
        _sent = _dropped = 0;
        if (_touched.Count == 0) return;
        foreach (var connection in _touched) connection.WriteOutput();
        _touched.Clear();
    }

    private void Found(in Message message, Subscription subscription)
    {
        if (!subscription.Counts(message.Position)) return;
        if (subscription.Subscriber.MayOverlap)
        {
            _overlapping.Add(subscription);
            return;
        }

        _one[0] = subscription;
        subscription.Subscriber.Deliver(message, _one, this);
    }

    private void DeliverOverlapping(in Message message)
    {
        if (_overlapping.Count > 1) _overlapping.Sort(static (a, b) => a.Subscriber.Number.CompareTo(b.Subscriber.Number));
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_overlapping);
        for (var from = 0; from < all.Length;)
        {
            var subscriber = all[from].Subscriber;
            var to = from + 1;
            while (to < all.Length && all[to].Subscriber == subscriber) to++;
            subscriber.Deliver(message, all[from..to], this);
            from = to;
        }

        _overlapping.Clear();
    }

    private ref struct Delivery
    {
        public Message Message;
        public DeliveryRound Round;
    }
}
