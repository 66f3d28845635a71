using System.Buffers.Binary;
using System.Globalization;

namespace Millrace.Benchmarks.Load;

/// <summary>Takes what others publish, acknowledges it, and notes from the time in the payload how long it was on its way.</summary>
internal sealed class Subscriber(int number, LoadSubscription subscription, LoadTally tally)
    : LoadClient(string.Create(CultureInfo.InvariantCulture, $"bench-subscriber-{number:D6}"), BufferSize(subscription), 1024)
{
    private const byte Failure = 0x80;

    public override void Introduce(Stream network)
    {
        base.Introduce(network);
        var answer = Ask(network, MqttPackets.Subscribe(subscription.Filter, subscription.Qos));
        if (answer[0] != MqttPackets.SubackType) throw Lost($"SUBSCRIBE was answered with {Convert.ToHexString(answer)}");
        var code = answer[4];
        if (code >= Failure) throw Refused($"a subscription to {subscription.Filter} (SUBACK {code:X2})");
        if (code != subscription.Qos) throw Refused($"a subscription to {subscription.Filter} with QoS {subscription.Qos} (it granted {code})");
    }

    protected override void Handle(ReadOnlySpan<byte> packet, int bodyAt)
    {
        var type = packet[0] & MqttPackets.TypeMask;
        if (packet[0] == MqttPackets.PubrelType)
        {
            MqttPackets.WriteAck(Put(MqttPackets.AckLength), MqttPackets.PubcompType, packet[bodyAt..]);
            return;
        }

        if (type != MqttPackets.PublishType) throw Lost($"did not expect {Convert.ToHexString(packet)}");
        tally.Deliver(TelemetryPacket.WaitedNs(packet, tally.NowNs));
        var qos = (packet[0] >> 1) & 3;
        if (qos == 0) return;
        var packetId = packet[(bodyAt + 2 + BinaryPrimitives.ReadUInt16BigEndian(packet[bodyAt..]))..];
        MqttPackets.WriteAck(Put(MqttPackets.AckLength), qos == 1 ? MqttPackets.PubackType : MqttPackets.PubrecType, packetId);
    }

    // One of few gets everything; of a thousand each gets a little.
    private static int BufferSize(LoadSubscription subscription) => subscription.Subscribers <= 16 ? 256 * 1024 : 16 * 1024;
}
