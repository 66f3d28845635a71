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
    /// <param name="flow">Who writes. The store does not move anything to files before <see cref="Reached"/> says that this batch is settled.</param>
    /// <param name="points">One flow's, from one frame.</param>
    /// <param name="outcomes">Receives what was absorbed or refused.</param>
    /// <exception cref="FaultException">Unavailable: nothing of the batch was taken.</exception>
    void Write(string flow, PointBatch points, Outcomes outcomes);

    /// <summary>Makes all that was written visible to queries.</summary>
    void Show();

    /// <summary>All that the flow read before <paramref name="checkpoint"/> is written: the next move to files covers it.</summary>
    void Reached(string flow, Checkpoint checkpoint);

    /// <summary>
    /// The flow ends, or starts over, and does not say what it reached with its last batch: what it brings again of that is absorbed.
    /// </summary>
    void Abandoned(string flow);

    /// <summary>
    /// Where the flow stands: what it last said it reached since the store was opened, else what the files say; null where neither knows it.
    /// </summary>
    Checkpoint? CheckpointOf(string flow);
}
