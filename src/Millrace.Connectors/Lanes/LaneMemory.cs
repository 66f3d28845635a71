using Millrace.Contracts;
using Millrace.Contracts.Flows;

namespace Millrace.Connectors.Lanes;

/// <summary>What one lane (a flow's way to one destination, of one partition) has done since the program started, over all sinks that were opened for it.</summary>
/// <remarks>
/// After a failure the runner goes back to its last durable checkpoint with a new sink. This is how the new one knows what the old one delivered, so
/// that the destination gets a record twice only after a crash of the program itself. Used by one sink at a time.
/// </remarks>
public sealed class LaneMemory
{
    /// <summary>Refusals kept for a replay; the oldest goes first. It was reported then, only the ledger would count its replay as stored.</summary>
    private const int MostRefusals = 4096;

    private readonly Dictionary<RecordPlace, Refusal> _refusals = [];
    private readonly Queue<RecordPlace> _order = new();
    private RecordPlace _done = RecordPlace.None;
    private RecordPlace _failing = RecordPlace.None;

    /// <summary>The destination asked to be left alone until then.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>How often in a row the record at the head of the lane failed.</summary>
    internal int Failures { get; private set; }

    /// <summary>True where nothing is left to do for a record but to report it again, where it was refused.</summary>
    internal bool IsSettled(RecordPlace place, int index, Outcomes outcomes)
    {
        if (_refusals.TryGetValue(place, out var refusal))
        {
            outcomes.Refuse(index, refusal.Fault, refusal.Reason);
            return true;
        }

        // What has no place in a log cannot be recognised.
        return place.Offset >= 0 && place <= _done;
    }

    /// <summary>Everything up to this record is delivered or refused.</summary>
    internal void Delivered(RecordPlace place)
    {
        if (place > _done) _done = place;
        Failures = 0;
    }

    internal void Refused(RecordPlace place, Fault fault, string reason)
    {
        if (!_refusals.TryAdd(place, new Refusal(0, fault, reason))) return;
        _order.Enqueue(place);
        if (_order.Count > MostRefusals) _refusals.Remove(_order.Dequeue());
    }

    /// <returns>How often in a row it has failed by now.</returns>
    internal int Failed(RecordPlace place)
    {
        Failures = place == _failing ? Failures + 1 : 1;
        _failing = place;
        return Failures;
    }
}
