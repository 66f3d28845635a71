using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Flows.Reading;

namespace Millrace.Flows.Running;

/// <summary>How far a lane is in one partition, and what is told of it. Its runner changes it, any thread asks.</summary>
internal sealed class LaneProgress(FlowPlan plan, LanePlan lane, ILogPartition source, LaneFeed feed)
{
    private readonly Lock _gate = new();
    private readonly LatencyMeter _latency = new();
    private Checkpoint _reached;
    private long _replayEnd;
    private bool _begun;
    private FlowStatus _status = FlowStatus.Before(plan, lane);

    /// <summary>All before it is carried, or was for others.</summary>
    public Checkpoint Reached
    {
        get
        {
            lock (_gate) return _reached;
        }
    }

    /// <summary>What became of all before it is known; everything, where the lane has failed and passes nothing any more.</summary>
    public long Passed
    {
        get
        {
            lock (_gate) return _status.State == FlowState.Failed ? long.MaxValue : feed.Passed(_reached.Offset);
        }
    }

    public FlowStatus Status
    {
        get
        {
            lock (_gate)
            {
                var passed = feed.Passed(_reached.Offset);
                return _status with
                {
                    Counts = PassedOver(_status.Counts, passed - _reached.Offset),
                    Lag = Math.Max(0, source.End - Math.Max(passed, source.Start)),
                    Replaying = _status.State is FlowState.Starting || passed < _replayEnd,
                    Latency = _latency.Now,
                };
            }
        }
    }

    /// <summary>The lane begins, or starts over.</summary>
    public void Begin(Checkpoint from)
    {
        lock (_gate)
        {
            _reached = from;
            if (!_begun) _replayEnd = source.End;
            _begun = true;
            _status = _status with { Counts = from.Counts, WaitingMessages = 0, WaitingRecords = 0 };
        }
    }

    /// <summary>What was for others is passed over unseen: the counts follow from the positions.</summary>
    public void PassOver(long passed)
    {
        lock (_gate)
        {
            if (passed <= _reached.Offset) return;
            _reached = new Checkpoint(passed, PassedOver(_reached.Counts, passed - _reached.Offset));
            _status = _status with { Counts = _reached.Counts };
        }
    }

    /// <summary>What the source deleted before the lane came by is lost to it, and the ledger says so.</summary>
    /// <returns>How many messages.</returns>
    public long Overtake(long first)
    {
        lock (_gate)
        {
            var overtaken = Math.Max(0, first - _reached.Offset);
            if (overtaken > 0) _reached = new Checkpoint(first, _reached.Counts with { Overtaken = _reached.Counts.Overtaken + overtaken });
            return overtaken;
        }
    }

    /// <summary>A frame's records are on their way.</summary>
    public void Waiting(RecordBatch batch, int refused)
    {
        // Counted by walking the records, not by subtracting what is settled: the ledger must be able to disagree.
        var messages = 0;
        var last = -1;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.OriginOf(i) == last) continue;
            last = batch.OriginOf(i);
            messages++;
        }

        lock (_gate) _status = _status with { WaitingMessages = messages + refused, WaitingRecords = batch.Count + refused };
    }

    /// <summary>The destination has them.</summary>
    public void Delivered(RecordBatch batch, DateTimeOffset at) => _latency.Note(batch, at);

    /// <summary>All of a frame is settled.</summary>
    public void Advance(Checkpoint reached, DateTimeOffset at)
    {
        lock (_gate)
        {
            _reached = reached;
            _status = _status with { Counts = reached.Counts, WaitingMessages = 0, WaitingRecords = 0, LastProgress = at };
        }
    }

    public void Become(FlowState state, string? error)
    {
        lock (_gate)
        {
            if (_status.State != state || _status.Error != error) _status = _status with { State = state, Error = error };
        }
    }

    private static FlowCounts PassedOver(FlowCounts counts, long messages) =>
        counts with { Examined = counts.Examined + messages, PassedOver = counts.PassedOver + messages };
}
