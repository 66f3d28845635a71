using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Reading;

namespace Millrace.Flows.Running;

/// <summary>Carries one partition of a source through one flow's steps to one of its destinations, for as long as it is allowed to.</summary>
/// <remarks>
/// The unit is a frame of the log, which is the same whenever it is read; so a sink that cuts its files between batches cuts them at the same places on a
/// replay. The counts travel with the checkpoint: after a crash both go back to what is durable, and nothing is counted twice.
/// </remarks>
internal sealed partial class FlowRunner : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan IdleTick = TimeSpan.FromSeconds(10);

    /// <summary>A frame that is on its way is finished, so that it is not carried again after a stop that was no crash.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly FlowPlan _plan;
    private readonly ILogPartition _source;
    private readonly FlowServices _services;
    private readonly ILogger _logger;
    private readonly string _key;
    private readonly Backoff _backoff;
    private readonly Patience _patience;
    private readonly LanePlan _lane;
    private readonly IFailureLog _failures;
    private readonly Action _moved;
    private readonly LaneFeed _feed;
    private readonly LaneProgress _progress;
    private readonly Carrier _carrier;
    private readonly RecordBatch _messages = new();
    private readonly Outcomes _outcomes = new();

    private ISink? _sink;
    private Checkpoint? _durable;
    private Checkpoint _saved;
    private long _savedAt;
    private bool _wrote;
    private bool _isOpen;

    /// <param name="plan">The flow.</param>
    /// <param name="lane">Which of its destinations.</param>
    /// <param name="source">The partition.</param>
    /// <param name="services">Shared by all flows.</param>
    /// <param name="failures">Gets what is given up.</param>
    /// <param name="moved">Called when <see cref="Passed"/> has grown.</param>
    public FlowRunner(FlowPlan plan, LanePlan lane, ILogPartition source, FlowServices services, IFailureLog failures, Action? moved = null)
    {
        (_plan, _lane, _source, _services, _failures) = (plan, lane, source, services, failures);
        _moved = moved ?? (static () => { });
        _logger = services.Loggers.CreateLogger($"Millrace.Flow.{plan.Name}");
        _key = lane.KeyOf(source.Index);
        _backoff = new Backoff(plan.Retry, services.Random);
        _feed = new LaneFeed(plan, source, services);
        _patience = new Patience(lane.GivesUp ? plan.Retry.Attempts : null);
        _carrier = new Carrier(plan.CreateSteps);
        _progress = new LaneProgress(plan, lane, source, _feed);
    }

    public FlowStatus Status => _progress.Status;

    /// <inheritdoc cref="LaneProgress.Passed"/>
    public long Passed => _progress.Passed;

    /// <summary>Ends when stopped, or when the flow cannot go on at all.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var late = new CancellationTokenSource();
        await using var ending = stop.Register(() => late.CancelAfter(Grace)).ConfigureAwait(false);
        while (true)
        {
            try
            {
                if (_patience.IsSpentUnopened) await GiveUpNextAsync(stop).ConfigureAwait(false);
                await OpenAsync(stop).ConfigureAwait(false);
                await PumpAsync(stop, late.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                await LeaveAsync().ConfigureAwait(false);
                _progress.Become(FlowState.Stopped, null);
                return;
            }
            catch (FaultException away) when (away.Fault == Fault.Unavailable)
            {
                _patience.Failed(away.Message, _isOpen);
                var wait = _backoff.Failed();
                _progress.Become(FlowState.Retrying, away.Message);
                LogRetrying(_lane.Shown, wait.TotalSeconds, away.Message);
                await CloseSinkAsync().ConfigureAwait(false);
                await Task.Delay(wait, _services.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
#pragma warning disable CA1031 // Whatever it is, this flow ends here and says so; the others go on.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _progress.Become(FlowState.Failed, failure.Message);
                LogFailed(failure, _lane.Shown);
                _moved();
                await CloseSinkAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    public void Dispose()
    {
        _messages.Dispose();
        _carrier.Dispose();
        _feed.Dispose();
    }

    private async ValueTask OpenAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        _messages.Clear();
        _wrote = false;
        _sink = _lane.CreateSink(_key, _source.Index);
        var held = await _sink.OpenAsync(stop).ConfigureAwait(false);
        var from = held ?? _durable ?? _services.Lazy.Load(_key) ?? Begin();
        if (from.Offset > _source.End)
        {
            throw new FaultException(
                Fault.Corrupt,
                $"{_key} stands at record {from.Offset}, and its source ends at {_source.End}: this is not the log it read. Restore the log, or remove the flow and add it anew");
        }

        _progress.Begin(from);
        _durable = from;
        _isOpen = true;
        _moved();
    }

    /// <summary>A flow that begins now has begun, whatever happens to its first batch: tried again, it does not begin later.</summary>
    private Checkpoint Begin()
    {
        var start = new Checkpoint(_plan.StartOf(_source), default);
        if (!_plan.StartAtOldest) _services.Checkpoints.Save(_key, start);
        return start;
    }

    /// <param name="stop">Ends it between two frames.</param>
    /// <param name="late">Ends what is on its way to the destination.</param>
    private async ValueTask PumpAsync(CancellationToken stop, CancellationToken late)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var taken = 0L;
            while (taken < _services.Options.ChunkBytes.Bytes && !stop.IsCancellationRequested
                && _feed.TryTake(_progress.Reached.Offset, _messages, out var passed, out var first))
            {
                Advance(passed, first);
                await CarryAsync(late).ConfigureAwait(false);
                _feed.Done();
                taken += _feed.LookedAt + 1;
                _messages.Clear();
            }

            PassOverUnseen();
            await CommitAsync(late).ConfigureAwait(false);
            SaveWhenDue();
            _progress.Become(FlowState.Running, null);
            _backoff.Succeeded();
            _patience.Succeeded();
            if (taken < _services.Options.ChunkBytes.Bytes) await WaitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>One frame: steps, sink, failures, counts.</summary>
    private async ValueTask CarryAsync(CancellationToken stop)
    {
        var batch = _carrier.Apply(_messages);
        if (batch.Count + _carrier.Failures.Count > 0) _progress.Waiting(batch, _carrier.Failures.Count);
        if (batch.Count > 0)
        {
            _outcomes.Clear();
            _wrote = true;
            if (_patience.Begin(_progress.Reached.Offset, _messages.Count) is { } sieve) await SiftAsync(sieve, batch, stop).ConfigureAwait(false);
            else await _sink!.WriteAsync(batch, _progress.Reached, _outcomes, stop).ConfigureAwait(false);
            _carrier.Delivered(batch, _outcomes);
            _progress.Delivered(batch, _services.Clock.GetUtcNow());
        }

        await SettleAsync(stop).ConfigureAwait(false);
        _patience.Carried();
    }

    /// <summary>Range by range, so that only what the destination cannot be brought to take is given up.</summary>
    private async ValueTask SiftAsync(Sieve sieve, RecordBatch batch, CancellationToken stop)
    {
        var places = Sieve.PlacesOf(batch);
        using var part = new RecordBatch();
        var outcomes = new Outcomes();
        while (sieve.TryNext(out var from, out var to))
        {
            part.ClearFor(batch);
            outcomes.Clear();
            var chosen = places.Index().Where(one => one.Item.Message >= from && one.Item.Message < to).ToArray();
            foreach (var (index, _) in chosen) part.AddView(batch, index);
            if (part.Count > 0) await _sink!.WriteAsync(part, _progress.Reached, outcomes, stop).ConfigureAwait(false);
            if (!_sink!.IsDoneWhenWritten) await CommitAsync(stop).ConfigureAwait(false);
            sieve.Took([.. chosen.Select(static one => one.Item)], outcomes, _sink.IsDoneWhenWritten);
        }

        sieve.Settle(batch, _outcomes);
    }

    /// <summary>A destination that cannot even be opened, as often as the flow tries: the next frame with something for it is given up.</summary>
    private async ValueTask GiveUpNextAsync(CancellationToken stop)
    {
        var reason = Patience.Reason(_patience.Tries, Status.Error ?? "the destination is away");
        _progress.Begin(_durable ?? _services.Lazy.Load(_key) ?? Begin());
        var given = false;
        while (!given)
        {
            _messages.Clear();
            if (!_feed.TryTake(_progress.Reached.Offset, _messages, out var passed, out var first))
            {
                if (_feed.Passed(_progress.Reached.Offset) >= _source.End) break;
                await WaitAsync(Moment, stop).ConfigureAwait(false);
                continue;
            }

            Advance(passed, first);
            var batch = _carrier.Apply(_messages);
            _outcomes.Clear();
            for (var i = 0; i < batch.Count; i++) _outcomes.Refuse(i, Fault.Unavailable, reason);
            if (batch.Count > 0) _carrier.Delivered(batch, _outcomes);
            given = batch.Count > 0;
            await SettleAsync(stop).ConfigureAwait(false);
            _feed.Done();
        }

        _feed.Restart();
        _patience.Succeeded();
        SaveWhenDue();
    }

    /// <summary>What failed is safe, and only then the lane moves on.</summary>
    private async ValueTask SettleAsync(CancellationToken stop)
    {
        if (_carrier.Failures.Count > 0)
            await _failures.AppendAsync(_plan, _lane, _source.Index, _carrier.Failures, _messages, stop).ConfigureAwait(false);
        var counts = _progress.Reached.Counts + _carrier.Settle(_messages.Through - _progress.Reached.Offset);
        _progress.Advance(new Checkpoint(_messages.Through, counts), _services.Clock.GetUtcNow());
        KeepIfDone();
        _moved();
    }

    /// <summary>Without a sink, what was given up is done as well.</summary>
    private void KeepIfDone()
    {
        if (_sink is null || _sink.IsDoneWhenWritten) _durable = _progress.Reached;
    }

    /// <summary>
    /// Until there is something to carry; about every second in any case, so that a sink can finish what it holds, and less often where it holds nothing, so
    /// that a checkpoint moves on with the log.
    /// </summary>
    private ValueTask WaitAsync(CancellationToken stop) => WaitAsync(_lane.IsTimed || (_wrote && _durable != _progress.Reached) ? Tick : IdleTick, stop);

    private async ValueTask WaitAsync(TimeSpan longest, CancellationToken stop)
    {
        using var tick = CancellationTokenSource.CreateLinkedTokenSource(stop);
        tick.CancelAfter(longest);
        try
        {
            await _feed.WaitAsync(tick.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>The last chance to note how far the flow is. What fails here is carried again after the next start.</summary>
    private async ValueTask LeaveAsync()
    {
        try
        {
            if (_isOpen)
            {
                PassOverUnseen();
                await CommitAsync(CancellationToken.None).ConfigureAwait(false);
            }

            Save();
            _services.Lazy.Write();
        }
#pragma warning disable CA1031 // The flow ends in any case, and nothing is lost: what is not noted here is carried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogLeft(_lane.Shown, failure.Message);
        }

        await CloseSinkAsync().ConfigureAwait(false);
    }

    /// <summary>Never throws: a flow that retries would end here without a word.</summary>
    private async ValueTask CloseSinkAsync()
    {
        _isOpen = false;
        _feed.Restart();
        if (_sink is null) return;
        try
        {
            await _sink.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The next sink is opened from what is durable, whatever this one left behind.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogClosed(failure, _lane.Shown);
        }

        _sink = null;
    }

    private async ValueTask CommitAsync(CancellationToken stop)
    {
        if (await _sink!.CommitAsync(_progress.Reached, stop).ConfigureAwait(false) is { } durable) _durable = durable;
    }

    /// <summary>What was for others, and what was deleted unread.</summary>
    private void Advance(long passed, long first)
    {
        _progress.PassOver(passed);
        var overtaken = _progress.Overtake(first);
        if (overtaken > 0) LogRetentionOvertook(_lane.Shown, overtaken);
        KeepIfDone();
    }

    private void PassOverUnseen()
    {
        _progress.PassOver(_feed.Passed(_progress.Reached.Offset));
        KeepIfDone();
    }

    private void SaveWhenDue()
    {
        if (_services.Clock.GetElapsedTime(_savedAt) >= Tick) Save();
    }

    private void Save()
    {
        _savedAt = _services.Clock.GetTimestamp();
        if (_plan.ReadsIngress) _services.Strays.Save(_source.Index);
        if (_durable is not { } durable || durable == _saved) return;
        _services.Lazy.Put(_key, durable);
        _saved = durable;
    }

    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "Flow {Flow} waits {Seconds:F1} s and tries again: {Reason}")]
    private partial void LogRetrying(string flow, double seconds, string reason);

    [LoggerMessage(EventId = 301, Level = LogLevel.Critical, Message = "Flow {Flow} has stopped and needs a person; its messages stay in the log")]
    private partial void LogFailed(Exception failure, string flow);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "Flow {Flow} stopped before its last batch was durable and will carry it again: {Reason}")]
    private partial void LogLeft(string flow, string reason);

    [LoggerMessage(EventId = 304, Level = LogLevel.Warning, Message = "The sink of flow {Flow} did not close as it should")]
    private partial void LogClosed(Exception failure, string flow);

    [LoggerMessage(EventId = 303, Level = LogLevel.Error, Message = "Flow {Flow} was overtaken by the retention of its source: {Records} records were deleted unread")]
    private partial void LogRetentionOvertook(string flow, long records);
}
