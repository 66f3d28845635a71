namespace Millrace.Contracts.Flows;

/// <summary>What became of the records of one batch, by index. What is not named here was done as asked.</summary>
/// <remarks>Owned by the runner, which clears it before each try. Empty for nearly every batch.</remarks>
public sealed class Outcomes
{
    private readonly List<int> _absorbed = [];
    private readonly List<Refusal> _refusals = [];

    /// <summary>Records that the destination held already, equal in everything.</summary>
    public IReadOnlyList<int> AbsorbedRecords => _absorbed;

    public IReadOnlyList<Refusal> Refusals => _refusals;

    /// <summary>Records that were taken with the time of their arrival, as their own was too far ahead.</summary>
    public int TimesCorrected { get; private set; }

    public void Absorbed(int index) => _absorbed.Add(index);

    /// <param name="index">The record, within the batch.</param>
    /// <param name="fault">Unreadable: it cannot be understood. Refused: it was understood, and the destination's rules forbid it.</param>
    /// <param name="reason">Names the field and the rule; a person repairs the record by it.</param>
    /// <param name="existingVersion">The version of the record that is there already, where that is why.</param>
    public void Refuse(int index, Fault fault, string reason, long? existingVersion = null) => _refusals.Add(new Refusal(index, fault, reason, existingVersion));

    /// <summary>A record's time was too far ahead and became the time of its arrival.</summary>
    public void TimeCorrected() => TimesCorrected++;

    public void Clear()
    {
        TimesCorrected = 0;
        _absorbed.Clear();
        _refusals.Clear();
    }
}
