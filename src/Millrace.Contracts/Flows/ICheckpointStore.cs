namespace Millrace.Contracts.Flows;

/// <summary>Remembers how far each flow is, over restarts.</summary>
public interface ICheckpointStore
{
    /// <param name="key">Flow, destination and partition, as <c>dtc-stop:republish/0</c>.</param>
    Checkpoint? Load(string key);

    /// <summary>Durable when it returns.</summary>
    void Save(string key, Checkpoint checkpoint);

    /// <summary>Several with one write, all or none. Durable when it returns.</summary>
    void Save(IReadOnlyCollection<KeyValuePair<string, Checkpoint>> checkpoints);

    /// <summary>The flow was deleted.</summary>
    void Remove(string key);
}
