using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;

namespace Millrace.Gateway;

/// <summary>A message published with QoS 1 from inside: into the log, to subscribers once it is safe, then its publisher is told.</summary>
internal sealed class InsidePublish(Broker broker, ReadOnlyMemory<byte> key, byte[] topic, ReadOnlyMemory<byte> payload) : ICommitListener
{
    // A PUBLISH with this topic and payload must fit into a packet: header, length, topic length, packet id and an empty property length.
    private const int Overhead = 10;

    private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private KeptMessage? _copy;
    private long _committed;
    private long _wanted = long.MaxValue;
    private bool _isDone;

    /// <summary>Ends with the commit.</summary>
    public Task Safe => _safe.Task;

    /// <returns>What is wrong with it, or null.</returns>
    public static (RefusalReason Refusal, string What)? Problem(ReadOnlySpan<byte> topic, int payloadLength, int qos, bool retain, BrokerOptions options)
    {
        if (qos is < 0 or > 1) return (RefusalReason.Qos, $"QoS {qos} cannot be published with: use 0 or 1.");
        if (retain) return (RefusalReason.Retain, "Retained messages are not kept: publish without retain.");
        if (topic.Length > options.MaxTopicBytes)
            return (RefusalReason.Topic, $"The topic has {topic.Length} bytes; {options.MaxTopicBytes} are allowed (mqtt.maxTopicBytes).");
        if (!Topic.IsValidName(topic))
            return (RefusalReason.Topic, "The topic must have at least one character, and none of them may be +, # or U+0000.");
        return payloadLength > MaxPayload(topic.Length, options)
            ? (RefusalReason.TooLarge, $"The payload has {payloadLength} bytes; {MaxPayload(topic.Length, options)} are allowed on this topic (mqtt.maxPacketSize).")
            : null;
    }

    public static long MaxPayload(int topicLength, BrokerOptions options) => options.MaxPacketSize.Bytes - Overhead - topicLength;

    public static void Publish0(Broker broker, ILogPartition partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        var commit = Append(broker, partition, new Record { Topic = topic, Key = key, Payload = payload, Offset = -1 }, null);
        if (commit == 0) broker.Counters.Refused(RefusalReason.LogFull);
        else broker.Counters.Accepted(1);
        var round = new DeliveryRound(broker.Counters);
        broker.Deliver(new Message { Topic = topic, Payload = payload }, round);
        round.End();
    }

    /// <returns>False where the log has no room.</returns>
    public bool TryAppend(ILogPartition partition)
    {
        var record = new Record { Topic = topic, Key = key.Span, Payload = payload.Span, Offset = -1, Flags = RecordFlags.Qos1 };
        var commit = Append(broker, partition, record, this);
        if (commit == 0) return false;
        broker.Counters.Waiting(1);
        var copy = broker.Topics.HasMatch(topic) ? new KeptMessage(new Message { Topic = topic, Payload = payload.Span, Qos = 1 }) : null;
        lock (_gate) (_wanted, _copy) = (commit, copy);
        FinishIfSafe();
        return true;
    }

    void ICommitListener.Committed(ILogPartition partition, long commit)
    {
        lock (_gate) _committed = commit;
        FinishIfSafe();
    }

    private static long Append(Broker broker, ILogPartition partition, in Record record, ICommitListener? listener)
    {
        try
        {
            return partition.TryAppend(record, listener);
        }
        catch (FaultException e)
        {
            broker.Counters.Refused(e.Fault == Fault.Refused ? RefusalReason.TooLarge : RefusalReason.LogClosed);
            throw;
        }
    }

    private void FinishIfSafe()
    {
        lock (_gate)
        {
            if (_isDone || _committed < _wanted) return;
            _isDone = true;
        }

        broker.Counters.Acknowledged(1);
        if (_copy is not null)
        {
            var round = new DeliveryRound(broker.Counters);
            broker.Deliver(_copy.View, round);
            round.End();
            _copy.Release();
        }

        _safe.TrySetResult();
    }
}
