using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>How long a flow waits before it tries a destination that is away again. By default it never gives up: its records are safe in the log.</summary>
public sealed record RetryOptions
{
    /// <summary>The first wait; each further one is twice as long.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No wait is longer.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries in a row after which a batch is given up, to the error destination or as dead letters (AWS gives up after three); null: never.</summary>
    public int? Attempts { get; init; }

    public IEnumerable<Problem> Check()
    {
        if (Attempts is < 1 or > 10_000) yield return new("attempts", "must be from 1 to 10000; leave it out to try for ever");
        if (First < TimeSpan.FromMilliseconds(10)) yield return new("first", "must be at least 10ms");
        if (Longest < First) yield return new("longest", "must not be shorter than first");
        if (Longest > TimeSpan.FromHours(1)) yield return new("longest", "must be at most 1h");
    }
}
