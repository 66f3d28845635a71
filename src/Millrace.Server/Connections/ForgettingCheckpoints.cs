using Millrace.Connectors.Redis;
using Millrace.Contracts.Flows;
using Millrace.Flows.Sinks;

namespace Millrace.Server.Connections;

/// <summary>With the checkpoint of a flow that is removed goes what leads to the one that Redis keeps of it, and to what streams have of it.</summary>
internal sealed class ForgettingCheckpoints(ICheckpointStore checkpoints, RedisPositions positions, StreamOrigins origins) : ICheckpointStore
{
    public Checkpoint? Load(string key) => checkpoints.Load(key);

    public void Save(string key, Checkpoint checkpoint) => checkpoints.Save(key, checkpoint);

    public void Save(IReadOnlyCollection<KeyValuePair<string, Checkpoint>> several) => checkpoints.Save(several);

    public void Remove(string key)
    {
        positions.Forget(key);
        origins.Forget(key);
        checkpoints.Remove(key);
    }
}
