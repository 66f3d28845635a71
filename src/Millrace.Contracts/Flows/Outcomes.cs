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

    public void Absorbed(int index) => _absorbed.Add(index);

    /// <param name="index">The record, within the batch.</param>
    /// <param name="fault">Unreadable: it cannot be understood. Refused: it was understood, and the destination's rules forbid it.</param>
    /// <param name="reason">Names the field and the rule; a person repairs the record by it.</param>
    public void Refuse(int index, Fault fault, string reason) => _refusals.Add(new Refusal(index, fault, reason));

    public void Clear()
    {
        _absorbed.Clear();
        _refusals.Clear();
    }
}
