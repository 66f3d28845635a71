using Millrace.Contracts.Flows;

namespace Millrace.Connectors.Redis;

/// <summary>One thing done in Redis for each record.</summary>
/// <param name="Verb">See there.</param>
/// <param name="Key">The key; of a publish the channel.</param>
public sealed record RedisAction(RedisVerb Verb, IRecordText Key)
{
    /// <summary>The field of a hash, the score of a sorted set, by how much a counter goes up; null where there is none.</summary>
    public IRecordText? Detail { get; init; }

    /// <summary>Null: the record as the statement made it.</summary>
    public IRecordText? Value { get; init; }

    /// <summary>The key goes after this time; null: it stays.</summary>
    public TimeSpan? Expire { get; init; }

    /// <summary>So many newest entries of a list, highest of a sorted set, about so many newest of a stream are kept; null: all.</summary>
    public long? Keep { get; init; }
}
