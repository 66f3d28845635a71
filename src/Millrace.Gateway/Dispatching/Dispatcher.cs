using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Retained;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Dispatching;

/// <summary>Reads what was committed to the ingress log and delivers it to those who subscribed: QoS 1 and 2, in the order of each partition.</summary>
/// <remarks>Without subscriptions nothing is read. Subscriptions come into being between two frames: see <see cref="Gate"/>.</remarks>
internal sealed class Dispatcher
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly IRecordLog _log;
    private readonly TopicTree _topics;
    private readonly RetainedStore _retained;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long[] _to;
    private readonly RecordBatch[] _batches;
    private readonly DeliveryRound[] _rounds;
    private TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Dispatcher(IRecordLog log, TopicTree topics, RetainedStore retained, GatewayCounters counters, TimeProvider time, ILogger logger)
    {
        (_log, _topics, _retained, _time, _logger) = (log, topics, retained, time, logger);
        _to = [.. log.Partitions.Select(static p => p.End)];
        _batches = [.. log.Partitions.Select(static _ => new RecordBatch())];
        _rounds = [.. log.Partitions.Select(_ => new DeliveryRound(topics, counters))];
    }

    /// <summary>Held while a frame is dispatched. Whoever holds it knows that nothing behind <see cref="To"/> has been delivered.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What is wrong; null while all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>All before this offset has been delivered.</summary>
    public long To(int partition) => Volatile.Read(ref _to[partition]);

    /// <summary>There is a first subscription.</summary>
    public void Subscribed() => Interlocked.Exchange(ref _subscribed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Dispatches one partition until it is stopped.</summary>
    public async Task RunAsync(int partition, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var subscribed = Volatile.Read(ref _subscribed).Task;
                while (DispatchNext(partition))
                {
                }

                Problem = null;
                if (_topics.Count == 0) await subscribed.WaitAsync(stop).ConfigureAwait(false);
                else await _log.Partitions[partition].WaitForRecordsAsync(To(partition), stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (FaultException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (FaultException e)
            {
                // Nothing is passed over: subscribers wait until the log can be read again.
                Problem = $"messages are not delivered to subscribers: {e.Message}";
                LogMessages.CannotDispatch(_logger, _log.Name, partition, e.Message);
                await Task.Delay(RetryAfter, _time, stop).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Delivers one frame.</summary>
    /// <returns>False where there was none, or nobody to deliver it to.</returns>
    public bool DispatchNext(int partition)
    {
        var from = _log.Partitions[partition];
        var batch = _batches[partition];
        lock (Gate)
        {
            if (PassIfUnwanted(partition)) return false;
            batch.Clear();
            if (!from.TryRead(_to[partition], batch)) return false;
            for (var i = 0; i < batch.Count; i++) Dispatch(batch[i], partition);
            Volatile.Write(ref _to[partition], batch.Through);
        }

        _rounds[partition].End();
        return true;
    }

    /// <summary>Where nobody subscribes, nothing is read and nobody is woken: whoever keeps the position asks for it to be brought up to date first.</summary>
    public void PassUnwanted()
    {
        lock (Gate)
            for (var partition = 0; partition < _to.Length; partition++) PassIfUnwanted(partition);
    }

    /// <summary>At the start, before anybody is connected: what came after the last checkpoint.</summary>
    /// <param name="partition">Of the ingress log.</param>
    /// <param name="from">Where the checkpoint stands.</param>
    /// <param name="seen">Told of every record.</param>
    public void Recover(int partition, long from, RecordSeen seen)
    {
        var batch = _batches[partition];
        var log = _log.Partitions[partition];
        for (var at = Math.Max(from, log.Start); at < log.End; at = batch.Through)
        {
            batch.Clear();
            if (!log.TryRead(at, batch)) return;
            for (var i = 0; i < batch.Count; i++)
            {
                var record = batch[i];
                seen(record);
                Dispatch(record, partition);
            }
        }

        _rounds[partition].End();
    }

    public void Dispose()
    {
        lock (Gate)
            foreach (var batch in _batches) batch.Dispose();
    }

    private bool PassIfUnwanted(int partition)
    {
        if (_topics.Count > 0) return false;

        // What is retained is not passed before it can be found there: see Broker.Subscribe.
        Volatile.Write(ref _to[partition], Math.Max(_to[partition], _retained.Floor(partition, _log.Partitions[partition].End)));
        return true;
    }

    private void Dispatch(in Record record, int partition)
    {
        var message = new Message(record, partition);
        if (message.Retain) _retained.Put(new RetainedMessage(message, message.Position, record.ArrivalNs));
        if (message.Qos > 0 && !BasicIngestTopic.Is(message.Topic)) _rounds[partition].Deliver(message);
    }
}

/// <summary>A record of the ingress log, on the way past.</summary>
internal delegate void RecordSeen(in Record record);
