using Millrace.Contracts.Records;
using Millrace.Contracts.Tables;

namespace Millrace.Flows.Sinks;

/// <summary>Makes points of records. One for each sink: it keeps scratch memory.</summary>
internal interface IPointMapper
{
    /// <summary>Whether a record may become more than one point.</summary>
    bool MakesSeveral { get; }

    /// <summary>Adds the points of a record.</summary>
    /// <returns>What is wrong with the record, and then nothing is added; null where it has points.</returns>
    string? Map(RecordBatch batch, int index, ISeriesTable table, PointBatch points);
}
