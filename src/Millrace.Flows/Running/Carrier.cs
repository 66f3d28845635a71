using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.DeadLetters;

namespace Millrace.Flows.Running;

/// <summary>Takes one frame's messages through a flow's steps, and keeps count of what becomes of each.</summary>
/// <remarks>Makes its steps and memory at its first message: most flows of many see none for a long time.</remarks>
internal sealed class Carrier(Func<IReadOnlyList<IStep>> createSteps) : IDisposable
{
    private readonly Outcomes _outcomes = new();
    private readonly BatchTally _tally = new();
    private readonly List<Failure> _failures = [];
    private IReadOnlyList<IStep>? _steps;
    private RecordBatch[] _stages = [];

    /// <summary>What is given up of the frame, in no order.</summary>
    public IReadOnlyList<Failure> Failures => _failures;

    /// <returns>What the destination is to get; good until the next frame.</returns>
    public RecordBatch Apply(RecordBatch messages)
    {
        _tally.Begin(messages);
        _failures.Clear();
        if (messages.Count == 0) return messages;
        if (_steps is null)
        {
            _steps = createSteps();
            _stages = [.. _steps.Select(static _ => new RecordBatch())];
        }

        var batch = messages;
        if (_stages.Length == 0) _tally.Fired(batch);
        for (var i = 0; i < _stages.Length && batch.Count > 0; i++)
        {
            _outcomes.Clear();
            _stages[i].ClearFor(batch);
            _steps[i].Apply(batch, _stages[i], _outcomes);
            foreach (var refusal in _outcomes.Refusals)
            {
                _tally.Refused(batch, refusal.Index);
                _failures.Add(new Failure(batch.OriginOf(refusal.Index), refusal.Fault, refusal.Reason, InStatement: true));
            }

            batch = _stages[i];
            if (i == 0) _tally.Fired(batch);
        }

        return batch;
    }

    /// <summary>The destination has answered for a batch, the frame's or a part of it.</summary>
    public void Delivered(RecordBatch batch, Outcomes outcomes)
    {
        _tally.Delivered(batch, outcomes);
        foreach (var refusal in outcomes.Refusals)
            _failures.Add(new Failure(batch.OriginOf(refusal.Index), refusal.Fault, refusal.Reason, InStatement: false));
    }

    /// <summary>All counts of the frame.</summary>
    public FlowCounts Settle(long examined) => _tally.Settle(examined);

    public void Dispose()
    {
        foreach (var stage in _stages) stage.Dispose();
    }
}
