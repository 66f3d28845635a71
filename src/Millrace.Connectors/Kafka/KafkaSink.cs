using Confluent.Kafka;
using Millrace.Connectors.Lanes;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Connectors.Kafka;

/// <summary>Produces to Kafka: many on their way at once, in order, and all of them acknowledged before a commit ends. At least once.</summary>
public sealed class KafkaSink : ISink
{
    private readonly KafkaTarget _target;
    private readonly KafkaMessageMaker _messages;
    private readonly KafkaDeliveries _deliveries = new();
    private readonly LaneMemory _memory;
    private IProducer<byte[]?, byte[]>? _producer;
    private RecordPlace _last = RecordPlace.None;

    /// <param name="target">See there.</param>
    /// <param name="memory">Of this lane.</param>
    public KafkaSink(KafkaTarget target, LaneMemory memory)
    {
        _target = target;
        _messages = new KafkaMessageMaker(target);
        _memory = memory;
    }

    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop)
    {
        NativeKafka.Need();
        try
        {
            _producer = new ProducerBuilder<byte[]?, byte[]>(_target.Properties)
                .SetErrorHandler((_, error) => _deliveries.Says(error.Reason))
                .SetLogHandler(static (_, _) => { })
                .Build();
            return default;
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new FaultException(Fault.Unavailable, $"the client for Kafka cannot be made: {wrong.Message}", wrong);
        }
    }

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        var place = RecordPlace.None;
        for (var i = 0; i < batch.Count; i++)
        {
            place = RecordPlace.After(place, batch, i);
            if (_memory.IsSettled(place, i, outcomes)) continue;
            while (!TryProduce(batch, i, place, outcomes)) await DrainAsync(stop).ConfigureAwait(false);
        }
    }

    public async ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        await DrainAsync(stop).ConfigureAwait(false);
        var refused = _deliveries.TakeRefused();
        foreach (var (place, reason) in refused) _memory.Refused(place, Fault.Refused, $"Kafka answers {reason}");
        _memory.Delivered(_last);

        // Only the write that brought a record can tell the runner of it: so that write has to come again.
        if (refused.Count > 0)
            throw new FaultException(Fault.Unavailable, $"Kafka refused {refused.Count} records: they are carried again, to be set aside ({refused[0].Reason})");
        return reached;
    }

    public async ValueTask DisposeAsync()
    {
        // It waits for threads of its own.
        if (_producer is { } producer) await Task.Run(producer.Dispose).ConfigureAwait(false);
    }

    /// <returns>False where the client's queue is full.</returns>
    private bool TryProduce(RecordBatch batch, int index, RecordPlace place, Outcomes outcomes)
    {
        if (_messages.TryMake(batch.Origin[batch.OriginOf(index)], batch[index].Payload, out var where, out var message) is { } why)
        {
            Refuse(place, index, Fault.Unreadable, why, outcomes);
            return true;
        }

        _deliveries.Sending();
        try
        {
            _producer!.Produce(where, message, report => _deliveries.Reported(place, report.Error));
            _last = place;
            return true;
        }
        catch (ProduceException<byte[]?, byte[]> failed)
        {
            _deliveries.NotSent();
            if (failed.Error.Code == ErrorCode.Local_QueueFull) return false;
            if (!KafkaDeliveries.IsOfTheRecord(failed.Error)) throw Unavailable(failed.Error.Reason);
            Refuse(place, index, Fault.Refused, $"Kafka answers {failed.Error.Reason}", outcomes);
            return true;
        }
    }

    private void Refuse(RecordPlace place, int index, Fault fault, string reason, Outcomes outcomes)
    {
        _memory.Refused(place, fault, reason);
        outcomes.Refuse(index, fault, reason);
    }

    private async ValueTask DrainAsync(CancellationToken stop)
    {
        await _deliveries.DrainAsync().WaitAsync(stop).ConfigureAwait(false);
        if (_deliveries.Away is { } reason) throw Unavailable(reason);
    }

    private FaultException Unavailable(string reason) => new(Fault.Unavailable, $"Kafka at {_target.Servers} did not take the messages: {reason}");
}
