using System.Collections.Concurrent;
using Millrace.Contracts.Flows;

namespace Millrace.Testing.Flows;

/// <summary>Checkpoints that live as long as the test.</summary>
public sealed class MemoryCheckpoints : ICheckpointStore
{
    private readonly ConcurrentDictionary<string, Checkpoint> _saved = new();

    public Checkpoint? Load(string key) => _saved.TryGetValue(key, out var checkpoint) ? checkpoint : null;

    public void Save(string key, Checkpoint checkpoint) => _saved[key] = checkpoint;

    public void Save(IReadOnlyCollection<KeyValuePair<string, Checkpoint>> checkpoints)
    {
        foreach (var (key, checkpoint) in checkpoints) Save(key, checkpoint);
    }

    public void Remove(string key) => _saved.TryRemove(key, out _);
}
