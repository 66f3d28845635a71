using System.Buffers;
using System.Runtime.InteropServices;
using Millrace.Gateway.Observing;
using Millrace.Gateway.Sessions;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>What a client asks of its session: subscriptions, and how far it is with the messages it got and sent. Only the receiving thread calls.</summary>
/// <remarks>Of a session that is kept, an answer goes out when what it says would survive pulling the plug.</remarks>
internal sealed class Requests(Broker broker, Connection connection, Session session, ConnectionLifecycle? lifecycle)
{
    private AnswerQueue? _answers;

    private AnswerQueue Answers => _answers ??= new AnswerQueue(connection);

    public ReasonCode Acknowledge(in Packet packet)
    {
        var reason = AckPacket.Read(packet, connection.Version, out var ack);
        if (reason != ReasonCode.Success) return reason;
        switch (packet.Type)
        {
            case PacketType.PubAck:
                session.PubAck(connection, ack.PacketId);
                break;
            case PacketType.PubRec:
                PubRec(ack.PacketId, ack.Reason);
                break;
            case PacketType.PubRel:
                PubRel(ack.PacketId);
                break;
            default:
                session.PubComp(connection, ack.PacketId);
                break;
        }

        return ReasonCode.Success;
    }

    public ReasonCode Subscribe(in Packet packet)
    {
        var reason = SubscribePacket.Read(packet, connection.Version, out var subscribe);
        if (reason != ReasonCode.Success) return reason;
        if (connection.Peer.Listener.IsAwsIot && SubscribeRules.CheckAws(subscribe) is var refused && refused != ReasonCode.Success) return refused;
        var subscribing = new Subscribing(broker, connection, session);
        foreach (var request in subscribe.Subscriptions) subscribing.Add(request, subscribe.Properties);
        lifecycle?.Subscribed(subscribe, subscribing.Codes);
        Confirm(PacketType.SubAck, subscribe.PacketId, subscribing.Codes, subscribing.HasChanged, subscribing.SendRetained);
        return ReasonCode.Success;
    }

    public ReasonCode Unsubscribe(in Packet packet)
    {
        var reason = UnsubscribePacket.Read(packet, connection.Version, out var unsubscribe);
        if (reason != ReasonCode.Success) return reason;
        var codes = new List<byte>();
        foreach (var filter in unsubscribe.Filters)
            codes.Add((byte)(broker.Unsubscribe(session, filter) ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted));
        lifecycle?.Unsubscribed(unsubscribe, codes);
        Confirm(PacketType.UnsubAck, unsubscribe.PacketId, codes, codes.Contains(0), then: null);
        return ReasonCode.Success;
    }

    private void PubRec(ushort packetId, ReasonCode said)
    {
        var (reason, toKeep) = session.PubRec(connection, packetId, said);
        if (reason >= ReasonCode.UnspecifiedError && reason != ReasonCode.PacketIdentifierNotFound) return;

        // That it is released must be known after a crash: the client has forgotten the packet id by then, and would take a repetition for a new message.
        Answer(PacketType.PubRel, packetId, reason, toKeep.IsNone ? 0 : broker.Store.KeepReleased(session, toKeep, Answers));
    }

    private void PubRel(ushort packetId)
    {
        var offset = session.Free(packetId);
        if (offset < 0) Answer(PacketType.PubComp, packetId, ReasonCode.PacketIdentifierNotFound, 0);
        else Answer(PacketType.PubComp, packetId, ReasonCode.Success, session.IsDurable ? broker.Store.KeepFreed(session, offset, Answers) : 0);
    }

    private void Answer(PacketType type, ushort packetId, ReasonCode reason, long afterWrite)
    {
        if (afterWrite != 0)
        {
            var packet = new ArrayBufferWriter<byte>(8);
            PacketWriter.Write(packet, connection.Version, new AckPacket { Type = type, PacketId = packetId, Reason = reason });
            Answers.Add(afterWrite, packet.WrittenSpan.ToArray(), then: null);
            return;
        }

        connection.SendAck(type, packetId, reason);
        connection.WriteAfterRound();
    }

    private void Confirm(PacketType type, ushort packetId, List<byte> codes, bool hasChanged, Action? then)
    {
        var packet = new ArrayBufferWriter<byte>(8 + codes.Count);
        PacketWriter.Write(packet, connection.Version, new SubAckPacket { Type = type, PacketId = packetId, Codes = CollectionsMarshal.AsSpan(codes) });

        // What a client is told about a session that is kept would survive pulling the plug.
        if (hasChanged && session.IsDurable)
        {
            Answers.Add(broker.Store.Keep(session, Answers), packet.WrittenSpan.ToArray(), then);
            return;
        }

        connection.SendPacket(packet.WrittenSpan);
        then?.Invoke();
        connection.WriteAfterRound();
    }
}
