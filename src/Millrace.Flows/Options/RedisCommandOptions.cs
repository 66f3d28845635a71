using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>One thing that a flow does in Redis for each record.</summary>
public sealed record RedisCommandOptions
{
    /// <summary>Every command there is.</summary>
    public static IReadOnlyList<string> Verbs { get; } = ["set", "incr", "publish", "hset", "lpush", "zadd", "xadd"];

    /// <summary>One of <see cref="Verbs"/>.</summary>
    public required string Verb { get; init; }

    /// <summary>A template; of a publish the channel.</summary>
    public required string Key { get; init; }

    /// <summary>A template: the field of hset, the score of zadd, by how much incr counts up; null where it has none.</summary>
    public string? Detail { get; init; }

    /// <summary>A template; null: the record as the statement made it.</summary>
    public string? Value { get; init; }

    /// <summary>The key goes after this time; null: it stays.</summary>
    public TimeSpan? Expire { get; init; }

    /// <summary>So many newest (of zadd: highest) are kept; null: all.</summary>
    public long? Keep { get; init; }

    public IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        var key = Verb == "publish" ? "channel" : "key";
        if (Key.Length == 0) problems.Add(new($"{Verb}.{key}", "is empty"));
        else Templates.Sample(Key, $"{Verb}.{key}", problems);
        if (Value is not null) Templates.Sample(Value, $"{Verb}.{(Verb == "publish" ? "message" : "value")}", problems);
        var detail = Verb switch { "hset" => "field", "zadd" => "score", "incr" => "by", _ => "" };
        if (Detail is not null) Templates.Sample(Detail, $"{Verb}.{detail}", problems);
        else if (Verb is "hset" or "zadd") problems.Add(new($"{Verb}.{detail}", "is missing"));
        if (Expire is { } expire && (expire < TimeSpan.FromMilliseconds(1) || expire > TimeSpan.FromDays(3650))) problems.Add(new($"{Verb}.expire", "must be from 1ms to 3650d"));
        if (Keep is < 1 or > 1_000_000_000) problems.Add(new($"{Verb}.keep", "must be from 1 to 1000000000"));
        return problems;
    }
}
