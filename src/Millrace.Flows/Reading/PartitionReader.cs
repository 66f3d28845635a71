using Microsoft.Extensions.Logging;
using Millrace.Contracts.Log;
using Millrace.Flows.Running;

namespace Millrace.Flows.Reading;

/// <summary>Reads one partition for all lanes that keep up with it: each frame once, each lane woken only for what its flow wants.</summary>
/// <remarks>
/// It never waits for a lane. One whose queue is full is let go, empties it and reads the log by itself until it has caught up; so a slow lane holds no other
/// and keeps no more memory than its queue. A lane that is attached and has nothing in its queue has passed all that is before the reader's place, and
/// nothing was done for it. Reads only while somebody is attached.
/// </remarks>
internal sealed partial class PartitionReader(ILogPartition source, StrayMessages strays, FlowRunnerOptions options, TimeProvider clock, ILogger logger)
{
    private const int MostSpare = 4;

    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];
    private readonly Stack<SharedFrame> _spare = new();
    private readonly HashSet<LaneFeed> _waiting = [];
    private SubscriptionIndex _index = new([]);
    private TaskCompletionSource _alone = new();
    private long _place;
    private long _kept;
    private long _notBefore = -1;
    private int _attached;
    private bool _changed;
    private bool _running;
    private bool _begun;
    private bool _looksForStrays;

    /// <summary>A lane that begins. It is not attached yet.</summary>
    public void Add(LaneFeed lane, FlowPlan plan)
    {
        lock (_gate)
        {
            var subscription = _subscriptions.Find(one => one.Flow == plan.Name && ReferenceEquals(one.Filter, plan.Filter));
            if (subscription is null)
            {
                _subscriptions.Add(subscription = new Subscription(plan.Name, plan.Filter));
                _changed = true;
            }

            _looksForStrays |= plan.ReadsIngress;
            subscription.Lanes.Add(lane);
        }
    }

    /// <summary>A lane that ends.</summary>
    public void Remove(LaneFeed lane)
    {
        lock (_gate)
        {
            Drop(lane);
            var at = _subscriptions.FindIndex(one => one.Lanes.Contains(lane));
            if (at < 0) return;
            _subscriptions[at].Lanes.Remove(lane);
            if (_subscriptions[at].Lanes.Count > 0) return;
            _subscriptions.RemoveAt(at);
            _changed = true;
        }
    }

    /// <summary>The next part of a lane's queue, which it holds until <see cref="Done"/>.</summary>
    /// <param name="lane">One that attaches itself where its queue is empty and the reader is not ahead of it.</param>
    /// <param name="from">Where the lane stands; set to where it goes on by itself.</param>
    /// <param name="isAttached">Where there is no part: whether the lane waits for one.</param>
    public SharedPart? Take(LaneFeed lane, ref long from, out bool isAttached)
    {
        lock (_gate)
        {
            isAttached = true;
            if (lane.Queue.TryDequeue(out var part)) return lane.Current = part;
            _waiting.Remove(lane);
            if (lane.IsAttached) return null;
            from = Math.Max(from, lane.PassedTo);
            isAttached = TryAttach(lane, from, isAtEnd: false);
            return null;
        }
    }

    /// <summary>The lane has read all there is by itself: it waits for more with the others.</summary>
    public void AttachAtEnd(LaneFeed lane, long from)
    {
        lock (_gate) TryAttach(lane, from, isAtEnd: true);
    }

    /// <summary>The lane has carried what it took.</summary>
    public void Done(LaneFeed lane)
    {
        lock (_gate) LetGoOfCurrent(lane);
    }

    /// <summary>The lane starts over, from somewhere else perhaps.</summary>
    public void Leave(LaneFeed lane)
    {
        lock (_gate) Drop(lane);
    }

    /// <summary>How far a lane is that has carried all before an offset.</summary>
    public long Passed(LaneFeed lane, long reached)
    {
        lock (_gate)
        {
            if (lane.Queue.Count > 0 || lane.Current is not null) return reached;
            return Math.Max(reached, lane.IsAttached ? _place : lane.PassedTo);
        }
    }

    /// <summary>Ends when there is something in the lane's queue, or it is not attached.</summary>
    public Task WaitAsync(LaneFeed lane, CancellationToken stop)
    {
        lock (_gate)
        {
            if (lane.Queue.Count > 0 || !lane.IsAttached) return Task.CompletedTask;
            lane.Waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return lane.Waiter.Task.WaitAsync(stop);
        }
    }

    /// <summary>A lane alone that has more to read does that by itself.</summary>
    private bool TryAttach(LaneFeed lane, long from, bool isAtEnd)
    {
        if (from <= _notBefore || (_begun && (_attached > 0 ? from < _place : !isAtEnd))) return false;
        _place = _attached == 0 ? from : Math.Min(_place, from);
        lane.IsAttached = true;
        lane.From = from;
        if (_attached++ == 0) _alone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running) return true;
        _running = true;
        _ = Task.Run(RunAsync);
        return true;
    }

    private async Task RunAsync()
    {
        try
        {
            if (!_begun && options.Gather > TimeSpan.Zero) await Task.Delay(options.Gather, clock).ConfigureAwait(false);
            while (Next() is { } place)
            {
                var frame = Rent();
                if (source.TryRead(place, frame.Messages))
                {
                    Hand(frame, place);
                    continue;
                }

                Return(frame);
                await WaitAsync(place).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever it is, each lane meets it by itself, and says so in its own name.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogAlone(failure, source.Index);
            lock (_gate)
            {
                _notBefore = _place;
                _running = false;
                foreach (var lane in _subscriptions.SelectMany(static one => one.Lanes)) Detach(lane);
            }
        }
    }

    /// <returns>Where to read on; null where nobody wants to know.</returns>
    private long? Next()
    {
        lock (_gate)
        {
            _begun = true;

            // One alone reads for itself: to hand its messages from thread to thread would only cost.
            if (_attached == 1 && source.End > _place) Detach(_subscriptions.SelectMany(static one => one.Lanes).First(static lane => lane.IsAttached));
            if (_attached > 0) return _place;
            _running = false;
            return null;
        }
    }

    private async Task WaitAsync(long place)
    {
        Task alone;
        lock (_gate) alone = _alone.Task;
        using var stop = new CancellationTokenSource();
        var more = source.WaitForRecordsAsync(place, stop.Token).AsTask();
        if (await Task.WhenAny(more, alone).ConfigureAwait(false) == alone)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await more.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await more.ConfigureAwait(false);
        if (options.Linger > TimeSpan.Zero) await Task.Delay(options.Linger, clock).ConfigureAwait(false);
    }

    /// <summary>To each lane what its flow wants of the frame.</summary>
    private void Hand(SharedFrame frame, long place)
    {
        if (_looksForStrays) strays.Look(source.Index, frame.Messages);
        while (true)
        {
            SubscriptionIndex index;
            lock (_gate)
            {
                if (_changed) _index = new SubscriptionIndex(_subscriptions);
                _changed = false;
                index = _index;
            }

            var wanted = index.Match(frame.Messages);
            lock (_gate)
            {
                // A flow that came meanwhile may want something of this frame, too.
                if (_changed) continue;
                if (frame.First > place) LetAllGo();
                else foreach (var one in wanted) Hand(frame, one);
                _place = frame.Through;
                if (frame.Holders == 0) Spare(frame);
                else Keep(frame);
                return;
            }
        }
    }

    private void Hand(SharedFrame frame, Subscription wanted)
    {
        SharedPart? part = null;
        foreach (var lane in wanted.Lanes)
        {
            if (!lane.IsAttached || frame.Through <= lane.From) continue;
            if (frame.First < lane.From || lane.Queue.Count >= options.MostFrames)
            {
                Detach(lane);
                continue;
            }

            part ??= new SharedPart(frame, [.. wanted.Matches]);
            frame.Holders++;
            lane.Queue.Enqueue(part);
            _waiting.Add(lane);
            lane.Wake();
        }
    }

    /// <summary>Retention was faster: what is missing each lane notes by itself.</summary>
    private void LetAllGo()
    {
        foreach (var lane in _subscriptions.SelectMany(static one => one.Lanes)) Detach(lane);
    }

    /// <summary>Where the frames that wait are too many, those who hold the oldest have to read them again.</summary>
    private void Keep(SharedFrame frame)
    {
        _kept += frame.Bytes;
        while (_kept > options.MostShared.Bytes)
        {
            var slowest = _waiting.Where(static lane => lane.Queue.Count > 0).MinBy(static lane => lane.Queue.Peek().Frame.First);
            if (slowest is null) return;
            var oldest = slowest.Queue.Peek().Frame;
            foreach (var lane in _waiting.Where(lane => lane.Queue.TryPeek(out var part) && part.Frame == oldest).ToArray())
            {
                Detach(lane);
                lane.PassedTo = oldest.First;
                Empty(lane);
            }
        }
    }

    private void Detach(LaneFeed lane)
    {
        if (!lane.IsAttached) return;
        lane.IsAttached = false;
        lane.PassedTo = _place;
        if (--_attached == 0) _alone.TrySetResult();
        lane.Wake();
    }

    private void Drop(LaneFeed lane)
    {
        Detach(lane);
        LetGoOfCurrent(lane);
        Empty(lane);
        lane.PassedTo = 0;
    }

    private void Empty(LaneFeed lane)
    {
        while (lane.Queue.TryDequeue(out var part)) LetGo(part.Frame);
        _waiting.Remove(lane);
    }

    private void LetGoOfCurrent(LaneFeed lane)
    {
        if (lane.Current is not { } part) return;
        lane.Current = null;
        LetGo(part.Frame);
    }

    private void LetGo(SharedFrame frame)
    {
        if (--frame.Holders > 0) return;
        _kept -= frame.Bytes;
        Spare(frame);
    }

    private SharedFrame Rent()
    {
        lock (_gate) return _spare.TryPop(out var frame) ? frame : new SharedFrame();
    }

    private void Return(SharedFrame frame)
    {
        lock (_gate) Spare(frame);
    }

    private void Spare(SharedFrame frame)
    {
        frame.Messages.Clear();
        if (_spare.Count < MostSpare) _spare.Push(frame);
        else frame.Dispose();
    }

    [LoggerMessage(EventId = 307, Level = LogLevel.Warning, Message = "Partition {Partition} cannot be read for all flows together; each goes on by itself")]
    private partial void LogAlone(Exception failure, int partition);
}
