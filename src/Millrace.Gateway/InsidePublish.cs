using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Retained;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;

namespace Millrace.Gateway;

/// <summary>A message published from inside: by a flow, over HTTP, or a will. Into the log, to subscribers, and with QoS 1 its publisher is told when it is safe.</summary>
internal sealed class InsidePublish(
    Broker broker, ReadOnlyMemory<byte> key, byte[] topic, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> properties, byte qos, bool retain) : ICommitListener
{
    // A PUBLISH with this topic and payload must fit into a packet: header, length, topic length, packet id and an empty property length.
    private const int Overhead = 10;

    private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private RetainedMessage? _retained;
    private LogPosition _begun;
    private long _committed;
    private long _wanted = long.MaxValue;
    private bool _isDone;

    public ReadOnlyMemory<byte> Key => key;

    /// <summary>Ends with the commit, with QoS 0 at once.</summary>
    public Task Safe => _safe.Task;

    /// <returns>What is wrong with it, or null.</returns>
    public static (RefusalReason Refusal, string What)? Problem(ReadOnlySpan<byte> topic, int payloadLength, int qos, bool retain, BrokerOptions options)
    {
        if (qos is < 0 or > 1) return (RefusalReason.Qos, $"QoS {qos} cannot be published with: use 0 or 1.");
        if (topic.Length > options.MaxTopicBytes)
            return (RefusalReason.Topic, $"The topic has {topic.Length} bytes; {options.MaxTopicBytes} are allowed (mqtt.maxTopicBytes).");
        if (!Topic.IsValidName(topic))
            return (RefusalReason.Topic, "The topic must have at least one character, and none of them may be +, # or U+0000.");
        if (PublishRules.IsServersOwn(topic)) return (RefusalReason.Topic, "Topics that begin with $SYS or $share are not published to.");
        if (retain && topic.Count((byte)'/') >= PublishRules.MaxRetainedLevels)
            return (RefusalReason.Topic, $"The topic of a retained message may have {PublishRules.MaxRetainedLevels} levels.");
        return payloadLength > MaxPayload(topic.Length, options)
            ? (RefusalReason.TooLarge, $"The payload has {payloadLength} bytes; {MaxPayload(topic.Length, options)} are allowed on this topic (mqtt.maxPacketSize).")
            : null;
    }

    public static long MaxPayload(int topicLength, BrokerOptions options) => options.MaxPacketSize.Bytes - Overhead - topicLength;

    /// <returns>False where the log has no room; with QoS 0 the message is then given up.</returns>
    public bool TryAppend(ILogPartition partition)
    {
        _begun = new LogPosition(partition.Index, partition.End);
        if (retain) broker.Retained.Begin(_begun);
        var isTaken = false;
        try
        {
            return qos == 0 ? TryAppend0(partition) : isTaken = TryAppend1(partition);
        }
        catch (FaultException e)
        {
            broker.Counters.Refused(e.Fault == Fault.Refused ? RefusalReason.TooLarge : RefusalReason.LogClosed);
            throw;
        }
        finally
        {
            if (retain && !isTaken) broker.Retained.End(_begun);
        }
    }

    void ICommitListener.Committed(ILogPartition partition, long commit)
    {
        lock (_gate) _committed = commit;
        FinishIfSafe();
    }

    private Record ToRecord() => new()
    {
        Topic = topic,
        Key = key.Span,
        Payload = payload.Span,
        Properties = qos == 2 ? LoggedProperties.WithPacketId(properties.Span, 0, new byte[properties.Length + LoggedProperties.PacketIdSize]) : properties.Span,
        Offset = -1,
        Flags = LoggedProperties.FlagsOf(qos, retain),
    };

    private bool TryAppend0(ILogPartition partition)
    {
        var record = ToRecord();
        if (partition.TryAppend(record, null, out var offset) == 0)
        {
            broker.Counters.Refused(RefusalReason.LogFull);
        }
        else
        {
            broker.Counters.Accepted(1);
            if (retain) broker.Retained.Put(RetainedOf(record, partition, offset));
        }

        if (!BasicIngestTopic.Is(topic))
        {
            var round = new DeliveryRound(broker.Topics, broker.Counters);
            round.Deliver(new Message(record, partition.Index) { Position = LogPosition.None });
            round.End();
        }

        _safe.TrySetResult();
        return true;
    }

    private bool TryAppend1(ILogPartition partition)
    {
        var record = ToRecord();
        var commit = partition.TryAppend(record, this, out var offset);
        if (commit == 0) return false;
        broker.Counters.Waiting(1);
        var retained = retain ? RetainedOf(record, partition, offset) : null;
        lock (_gate) (_wanted, _retained) = (commit, retained);
        FinishIfSafe();
        return true;
    }

    private RetainedMessage RetainedOf(in Record record, ILogPartition partition, long offset) =>
        new(new Message(record, partition.Index), new LogPosition(partition.Index, offset), broker.NowNs);

    private void FinishIfSafe()
    {
        lock (_gate)
        {
            if (_isDone || _committed < _wanted) return;
            _isDone = true;
        }

        broker.Counters.Acknowledged(1);
        if (_retained is not null)
        {
            broker.Retained.Put(_retained);
            broker.Retained.End(_begun);
        }

        _safe.TrySetResult();
    }
}
