using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Flows.Running;

namespace Millrace.Flows.Reading;

/// <summary>What one lane reads of one partition: with all others while it keeps up, by itself while it is behind. The frames are the same.</summary>
internal sealed class LaneFeed : IDisposable
{
    private readonly FlowPlan _plan;
    private readonly ILogPartition _source;
    private readonly PartitionReader _reader;
    private readonly StrayMessages _strays;
    private RecordBatch? _own;

    public LaneFeed(FlowPlan plan, ILogPartition source, FlowServices services)
    {
        (_plan, _source, _strays) = (plan, source, services.Strays);
        _reader = services.Readers.Of(source);
        _reader.Add(this, plan);
    }

    /// <summary>Payload bytes that were looked at for the last frame.</summary>
    public long LookedAt { get; private set; }

    // The reader's, under its lock.
    internal Queue<SharedPart> Queue { get; } = new();

    internal SharedPart? Current { get; set; }

    internal bool IsAttached { get; set; }

    /// <summary>Frames before this were carried before the lane was attached.</summary>
    internal long From { get; set; }

    /// <summary>Once its queue is empty, all before this is passed, although it is not attached any more.</summary>
    internal long PassedTo { get; set; }

    internal TaskCompletionSource? Waiter { get; set; }

    /// <summary>The next frame with something for the lane, or, read by itself, the next one whatever is in it.</summary>
    /// <param name="from">Where the lane stands.</param>
    /// <param name="into">Empty; gets the flow's messages. Its end is where to read on. Good until <see cref="Done"/>.</param>
    /// <param name="passed">What is before this was for others.</param>
    /// <param name="first">Where the frame begins; what is before this, from <paramref name="passed"/> on, was deleted unread.</param>
    public bool TryTake(long from, RecordBatch into, out long passed, out long first)
    {
        passed = first = from;
        if (_reader.Take(this, ref passed, out var isAttached) is { } part)
        {
            foreach (var index in part.Indexes) into.AddMessage(part.Frame.Messages, index);
            into.Through = part.Frame.Through;
            passed = first = part.Frame.First;
            LookedAt = part.Frame.Messages.PayloadBytes;
            return true;
        }

        if (isAttached) return false;
        _own ??= new RecordBatch();
        _own.Clear();
        if (!_source.TryRead(passed, _own))
        {
            _reader.AttachAtEnd(this, passed);
            return false;
        }

        first = _own.Count > 0 ? _own[0].Offset : passed;
        if (_plan.ReadsIngress) _strays.Look(_source.Index, _own);
        into.Through = _own.Through;
        for (var i = 0; i < _own.Count; i++)
            if (_plan.Filter?.Picks(_own[i].Topic) != false) into.AddMessage(_own, i);
        LookedAt = _own.PayloadBytes;
        return true;
    }

    /// <summary>What was taken is carried.</summary>
    public void Done() => _reader.Done(this);

    /// <summary>How far the lane is when it has carried all before an offset: further, where what came since is for others.</summary>
    public long Passed(long reached) => _reader.Passed(this, reached);

    /// <summary>Ends when there may be something to take.</summary>
    public Task WaitAsync(CancellationToken stop) => _reader.WaitAsync(this, stop);

    /// <summary>Forgets what is on its way: the lane starts over.</summary>
    public void Restart() => _reader.Leave(this);

    public void Dispose()
    {
        _reader.Remove(this);
        _own?.Dispose();
    }

    internal void Wake()
    {
        Waiter?.TrySetResult();
        Waiter = null;
    }
}
