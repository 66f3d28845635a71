using Millrace.Gateway.Sessions;

namespace Millrace.Gateway.Topics;

/// <summary>Somebody to hand messages to.</summary>
internal interface ISubscriber
{
    /// <summary>Takes a copy of the message, or drops it; never waits. Any thread may call.</summary>
    /// <param name="message">In the publisher's memory.</param>
    /// <param name="subscription">The one of this subscriber that matched.</param>
    /// <param name="round">Told if the subscriber has to be woken up when all messages at hand are delivered.</param>
    void Deliver(in Message message, Subscription subscription, DeliveryRound round);
}
