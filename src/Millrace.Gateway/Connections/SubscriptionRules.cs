using Millrace.Mqtt;

namespace Millrace.Gateway.Connections;

/// <summary>What may be subscribed to.</summary>
internal static class SubscriptionRules
{
    // The tree of filters is walked level by level; nobody's topics are this deep, and hostile ones could be 65,535.
    public const int MaxLevels = 128;

    /// <returns>Success, or the code for SUBACK.</returns>
    public static ReasonCode Check(ReadOnlySpan<byte> filter)
    {
        if (!Topic.IsValidFilter(filter) || filter.Count((byte)'/') >= MaxLevels) return ReasonCode.TopicFilterInvalid;
        return Topic.IsShared(filter) ? ReasonCode.SharedSubscriptionsNotSupported : ReasonCode.Success;
    }
}
