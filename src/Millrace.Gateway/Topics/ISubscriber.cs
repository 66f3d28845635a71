using Millrace.Gateway.Sessions;

namespace Millrace.Gateway.Topics;

/// <summary>Somebody to hand messages to.</summary>
internal interface ISubscriber
{
    /// <summary>Unique in the process: subscriptions of one subscriber that match the same message are brought together by it.</summary>
    long Number { get; }

    /// <summary>Whether a message may match more than one of its subscriptions.</summary>
    bool MayOverlap { get; }

    /// <summary>Sends the message, notes where it stands, or drops it; never waits. Any thread may call.</summary>
    /// <param name="message">In the publisher's or the log reader's memory.</param>
    /// <param name="matches">The subscriptions of this subscriber that match, one or more.</param>
    /// <param name="round">Told whose output has to be written when all messages at hand are delivered.</param>
    void Deliver(in Message message, ReadOnlySpan<Subscription> matches, DeliveryRound round);
}
