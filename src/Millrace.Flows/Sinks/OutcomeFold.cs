using System.Globalization;
using Millrace.Contracts.Flows;

namespace Millrace.Flows.Sinks;

/// <summary>What became of records whose parts a destination answered for one by one: refused where a part was, absorbed where all were.</summary>
internal sealed class OutcomeFold
{
    private readonly Dictionary<int, (Refusal First, int Count)> _refused = [];
    private readonly Dictionary<int, int> _absorbed = [];

    /// <summary>Filled by the destination.</summary>
    public Outcomes Parts { get; } = new();

    /// <param name="recordOf">The record that a part belongs to.</param>
    /// <param name="partsOf">How many parts a record has.</param>
    /// <param name="into">Gets one answer a record.</param>
    public void Into(Func<int, int> recordOf, Func<int, int> partsOf, Outcomes into)
    {
        if (Parts.Refusals.Count == 0 && Parts.AbsorbedRecords.Count == 0) return;
        _refused.Clear();
        _absorbed.Clear();
        foreach (var refusal in Parts.Refusals)
        {
            var record = recordOf(refusal.Index);
            _refused[record] = _refused.TryGetValue(record, out var before) ? (before.First, before.Count + 1) : (refusal, 1);
        }

        foreach (var part in Parts.AbsorbedRecords) _absorbed[recordOf(part)] = _absorbed.GetValueOrDefault(recordOf(part)) + 1;
        foreach (var (record, (first, count)) in _refused)
            into.Refuse(record, first.Fault, count == 1 ? first.Reason : string.Create(CultureInfo.InvariantCulture, $"{first.Reason} (and {count - 1} more of this message)"));
        foreach (var (record, count) in _absorbed)
            if (!_refused.ContainsKey(record) && count == partsOf(record)) into.Absorbed(record);
    }
}
