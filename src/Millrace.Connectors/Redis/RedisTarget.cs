namespace Millrace.Connectors.Redis;

/// <summary>What a <see cref="RedisSink"/> does, and where. Checked.</summary>
/// <param name="Address">Which Redis.</param>
/// <param name="Actions">In order, for each record.</param>
public sealed record RedisTarget(RedisAddress Address, IReadOnlyList<RedisAction> Actions);
