namespace Millrace.Connectors.Redis;

/// <summary>What is done to a key for each record.</summary>
public enum RedisVerb
{
    /// <summary>The value becomes the key's.</summary>
    Set,

    /// <summary>A counter goes up by one, or by so much.</summary>
    Incr,

    /// <summary>To whoever is subscribed to the channel now.</summary>
    Publish,

    /// <summary>The value becomes that of one field of a hash.</summary>
    Hset,

    /// <summary>The value becomes the first of a list.</summary>
    Lpush,

    /// <summary>The value stands in a sorted set, with a score.</summary>
    Zadd,

    /// <summary>The value becomes the last entry of a stream, in its field <c>payload</c>.</summary>
    Xadd,
}
