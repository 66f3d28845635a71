namespace Millrace.Contracts.Log;

/// <summary>Waits for what it appended to be safe.</summary>
public interface ICommitListener
{
    /// <summary>
    /// All that was appended to <paramref name="partition"/> with a commit number up to <paramref name="commit"/> would now survive pulling the plug.
    /// </summary>
    /// <remarks>Called in the order of commits, one call at a time for a partition, on a pool thread. Must not block and must not throw.</remarks>
    void Committed(ILogPartition partition, long commit);
}
