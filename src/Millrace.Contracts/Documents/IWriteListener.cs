namespace Millrace.Contracts.Documents;

/// <summary>Waits for what it wrote to be safe.</summary>
public interface IWriteListener
{
    /// <summary>All writes up to this number would now survive pulling the plug.</summary>
    /// <remarks>Called in the order of writes, one call at a time for a store, on a pool thread or the writer's own. Must not block and must not throw.</remarks>
    void Written(long number);
}
