using System.Text;
using Millrace.Contracts.Records;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>What may be subscribed to.</summary>
internal static class SubscribeRules
{
    // The tree of filters is walked level by level; nobody's topics are this deep, and hostile ones could be 65,535.
    public const int MaxLevels = 128;

    // AWS IoT's limits, reference section 3.1.
    private const int AwsMaxFilters = 8;

    /// <returns>Success, or the code for SUBACK.</returns>
    public static ReasonCode Check(ReadOnlySpan<byte> filter)
    {
        if (!Topic.IsValidFilter(filter) || filter.Count((byte)'/') >= MaxLevels) return ReasonCode.TopicFilterInvalid;

        // Nobody subscribes to what goes to one rule.
        return BasicIngestTopic.Is(filter) ? ReasonCode.NotAuthorized : ReasonCode.Success;
    }

    /// <summary>What AWS refuses of a whole packet.</summary>
    public static ReasonCode CheckAws(in SubscribePacket subscribe)
    {
        var filters = 0;
        foreach (var _ in subscribe.Subscriptions) filters++;
        if (filters > AwsMaxFilters) return ReasonCode.QuotaExceeded;
        return subscribe.Properties.Contains(PropertyId.SubscriptionIdentifier) ? ReasonCode.SubscriptionIdentifiersNotSupported : ReasonCode.Success;
    }

    /// <summary>Takes <c>$share/name/</c> off a valid filter.</summary>
    /// <returns>The share name; null where it is not shared.</returns>
    public static string? SplitShare(ReadOnlySpan<byte> whole, out ReadOnlySpan<byte> filter)
    {
        filter = whole;
        if (!Topic.IsShared(whole)) return null;
        var share = whole["$share/".Length..];
        var slash = share.IndexOf((byte)'/');
        filter = share[(slash + 1)..];
        return Encoding.UTF8.GetString(share[..slash]);
    }
}
