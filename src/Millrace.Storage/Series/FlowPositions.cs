using Millrace.Contracts.Flows;

namespace Millrace.Storage.Series;

/// <summary>How far each flow is with this store, and which are between writing a batch and saying so. Under the store's lock.</summary>
internal sealed class FlowPositions
{
    private readonly Dictionary<string, Checkpoint> _reached;
    private readonly HashSet<string> _unsettled = new(StringComparer.Ordinal);

    public FlowPositions(IReadOnlyDictionary<string, Checkpoint> moved) => _reached = new(moved, StringComparer.Ordinal);

    /// <summary>Rows and checkpoints agree: now they may be sealed together.</summary>
    public bool AllSettled => _unsettled.Count == 0;

    public bool IsSettled(string flow) => !_unsettled.Contains(flow);

    public void Writes(string flow) => _unsettled.Add(flow);

    /// <returns>Whether the flow is further than before.</returns>
    public bool Reached(string flow, Checkpoint checkpoint)
    {
        _unsettled.Remove(flow);
        if (_reached.TryGetValue(flow, out var before) && before == checkpoint) return false;
        _reached[flow] = checkpoint;
        return true;
    }

    public void Abandoned(string flow) => _unsettled.Remove(flow);

    /// <returns>Whether it was known.</returns>
    public bool Forget(string flow) => _reached.Remove(flow);

    public Checkpoint? Of(string flow) => _reached.TryGetValue(flow, out var checkpoint) ? checkpoint : null;

    public Dictionary<string, Checkpoint> Copy() => new(_reached, StringComparer.Ordinal);
}
