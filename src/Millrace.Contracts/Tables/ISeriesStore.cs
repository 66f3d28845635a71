using Millrace.Contracts.Flows;

namespace Millrace.Contracts.Tables;

/// <summary>Timestream's tables: series of points by dimensions, measure name and time. Any thread may write.</summary>
/// <remarks>
/// Written points are in memory until the store moves them to files, together with the checkpoints of the flows they came from; after a crash the
/// flows bring again what came after those. So a flow that writes here starts where <see cref="CheckpointOf"/> says.
/// </remarks>
public interface ISeriesStore
{
    /// <summary>The table, made if there is none yet.</summary>
    ISeriesTable Table(TableName name);

    /// <summary>
    /// Takes the points, each once: an equal one of the same series and time is absorbed, another value with no higher version is refused, a type that does
    /// not fit the measure's is refused (naming both). Queryable at the latest after <see cref="Show"/>.
    /// </summary>
    void Write(PointBatch points, Outcomes outcomes);

    /// <summary>Makes all that was written visible to queries.</summary>
    void Show();

    /// <summary>All that the flow read before <paramref name="checkpoint"/> is written: the next move to files covers it.</summary>
    void Reached(string flow, Checkpoint checkpoint);

    /// <summary>Where the flow stands according to the files; null where they do not know it.</summary>
    Checkpoint? CheckpointOf(string flow);
}
