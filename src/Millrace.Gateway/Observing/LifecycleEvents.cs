using System.Text;
using Millrace.Contracts;
using Millrace.Gateway.Kestrel;
using Millrace.Gateway.Listening;

namespace Millrace.Gateway.Observing;

/// <summary>Publishes what AWS IoT tells on <c>$aws/events/…</c>: QoS 1 and logged, one event behind the other, on a thread of its own.</summary>
internal sealed class LifecycleEvents(Broker broker) : IThreadPoolWorkItem
{
    // A few MiB: all the clients of a busy gateway may come back at once while the disk is slow.
    internal const int MaxWaiting = 10_000;

    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(10);

    // Stands in the record where a client's messages have the client id: all in one partition, in their order.
    private static readonly byte[] Key = "lifecycle"u8.ToArray();

    private readonly RareWord _word = new(BetweenWords, broker.Time);
    private readonly Lock _gate = new();
    private readonly Queue<(string ClientId, string Topic, byte[] Payload)> _waiting = new();
    private bool _isPublishing;

    public ClientVersions Versions { get; } = new(broker.Time);

    public TimeProvider Time => broker.Time;

    /// <summary>Never waits: where too many events wait already, this one is dropped and counted.</summary>
    public void Add(string clientId, string topic, byte[] payload)
    {
        lock (_gate)
        {
            if (_waiting.Count < MaxWaiting)
            {
                _waiting.Enqueue((clientId, topic, payload));
                if (_isPublishing) return;
                _isPublishing = true;
                broker.Workers.Queue(this);
                return;
            }
        }

        Drop(clientId, $"{MaxWaiting} wait already, as the log takes no more.");
    }

    void IThreadPoolWorkItem.Execute() => _ = PublishAllAsync();

    private async Task PublishAllAsync()
    {
        while (TryTake(out var waiting))
        {
            try
            {
                await PublishAsync(waiting.Topic, waiting.Payload).ConfigureAwait(false);
            }
            catch (FaultException e)
            {
                Drop(waiting.ClientId, e.Message);
            }
        }
    }

    private bool TryTake(out (string ClientId, string Topic, byte[] Payload) waiting)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out waiting)) return true;
            return _isPublishing = false;
        }
    }

    /// <summary>Into the log. Its commit is not waited for, so that one commit takes many.</summary>
    private async Task PublishAsync(string topic, byte[] payload)
    {
        var name = Encoding.UTF8.GetBytes(topic);
        if (InsidePublish.Problem(name, payload.Length, qos: 1, retain: false, broker.Options) is var (_, what)) throw new FaultException(Fault.Refused, what);
        var publish = new InsidePublish(broker, Key, name, payload, default, qos: 1, retain: false);
        var partition = broker.Ingress.PartitionFor(Key);
        while (!publish.TryAppend(partition)) await partition.WaitForRoomAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private void Drop(string clientId, string why)
    {
        broker.Counters.LifecycleEventDropped();
        if (_word.IsDue(out var unsaid)) LogMessages.EventDropped(broker.Logger, clientId, unsaid, why);
    }
}
