using Millrace.Contracts.Records;

namespace Millrace.Contracts.Flows;

/// <summary>One thing done to records on their way: a rule, a split, a correction. Pure: same batch in, same batch out.</summary>
public interface IStep
{
    /// <summary>
    /// Adds to <paramref name="target"/> (cleared for <paramref name="source"/> by the caller) what becomes of each record, in order: none,
    /// one or several. A record it cannot read is named in <paramref name="outcomes"/>, and adds nothing.
    /// </summary>
    void Apply(RecordBatch source, RecordBatch target, Outcomes outcomes);
}
