using System.Text;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway.Model;

/// <summary>One SUBSCRIBE of one filter, as its client knows it: from when it may count, must count, may not count and must not count. -1: not yet.</summary>
internal sealed class ModelSubscription(string filter, byte options, uint identifier, int sentAt)
{
    private readonly byte[] _filter = Encoding.UTF8.GetBytes(filter);

    public string Filter { get; } = filter;

    public byte Options { get; } = options;

    public uint Identifier { get; } = identifier;

    public byte Qos => (byte)(Options & 3);

    public bool NoLocal => (Options & 4) != 0;

    public bool RetainAsPublished => (Options & 8) != 0;

    public int RetainHandling => (Options >> 4) & 3;

    public int SentAt { get; } = sentAt;

    public int AckedAt { get; set; } = -1;

    /// <summary>A later SUBSCRIBE of the same filter was acknowledged, and this one is no more.</summary>
    public int ReplacedAt { get; set; } = -1;

    public int UnsubscribeSentAt { get; set; } = -1;

    public int UnsubscribedAt { get; set; } = -1;

    /// <summary>The one of the same filter that it took the place of, or may have.</summary>
    public ModelSubscription? Before { get; init; }

    public bool Matches(string topic) => Topic.Matches(_filter, Encoding.UTF8.GetBytes(topic));

    /// <summary>Whether the server may deliver a message for it.</summary>
    public bool MayGet(ModelMessage message, string clientId)
    {
        if (!Matches(message.Topic) || (NoLocal && message.Publisher == clientId)) return false;
        var wasAfter = UnsubscribedAt >= 0 && message.SentAt > UnsubscribedAt;
        return !WasBefore(message) && !wasAfter;
    }

    // [MQTT-3.8.4-3] What came under the one before and is still on its way goes by the options of this one.
    private bool WasBefore(ModelMessage message) => message.AckedAt >= 0 && message.AckedAt < SentAt && Before?.WasBefore(message) != false;
}
