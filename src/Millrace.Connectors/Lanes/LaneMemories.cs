using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Millrace.Connectors.Lanes;

/// <summary>The memories of all lanes. Those of a flow that is changed or removed go with its options.</summary>
public sealed class LaneMemories
{
    private readonly ConditionalWeakTable<object, ConcurrentDictionary<string, LaneMemory>> _lanes = [];

    /// <param name="options">The very object: a flow that is added anew, if with equal options, remembers nothing of the one before.</param>
    /// <param name="key">The lane and its partition, as the checkpoint is kept under.</param>
    public LaneMemory Of(object options, string key) => _lanes.GetOrCreateValue(options).GetOrAdd(key, static _ => new LaneMemory());
}
