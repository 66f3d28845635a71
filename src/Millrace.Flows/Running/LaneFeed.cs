using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Running;

/// <summary>What one lane reads of one partition: frame after frame.</summary>
internal sealed class LaneFeed(FlowPlan plan, ILogPartition source, StrayMessages strays) : IDisposable
{
    private readonly RecordBatch _frame = new();

    /// <summary>Payload bytes that were looked at for the last frame.</summary>
    public long LookedAt => _frame.PayloadBytes;

    /// <summary>The next frame that there is at an offset or behind it.</summary>
    /// <param name="from">Where the lane stands.</param>
    /// <param name="into">Empty; gets the flow's messages. Its end is where to read on. Good until the next call.</param>
    /// <param name="first">Where the frame begins; past <paramref name="from"/> where retention was faster.</param>
    public bool TryTake(long from, RecordBatch into, out long first)
    {
        first = from;
        _frame.Clear();
        if (!source.TryRead(from, _frame)) return false;
        if (_frame.Count > 0) first = _frame[0].Offset;
        if (plan.ReadsIngress) strays.Look(source.Index, _frame);
        into.Through = _frame.Through;
        for (var i = 0; i < _frame.Count; i++)
            if (plan.Filter?.Picks(_frame[i].Topic) != false) into.AddMessage(_frame, i);
        return true;
    }

    /// <summary>Ends when there may be something to take.</summary>
    public ValueTask WaitAsync(long from, CancellationToken stop) => source.WaitForRecordsAsync(from, stop);

    public void Dispose() => _frame.Dispose();
}
