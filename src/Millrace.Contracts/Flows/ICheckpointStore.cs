namespace Millrace.Contracts.Flows;

/// <summary>Remembers how far each flow is, over restarts.</summary>
public interface ICheckpointStore
{
    /// <param name="key">Flow and partition, as <c>dtc-stop/0</c>.</param>
    Checkpoint? Load(string key);

    /// <summary>Durable when it returns.</summary>
    void Save(string key, Checkpoint checkpoint);

    /// <summary>The flow was deleted.</summary>
    void Remove(string key);
}
