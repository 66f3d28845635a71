using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>How long a flow waits before it tries a destination that is away again. It never gives up: its records are safe in the log.</summary>
public sealed record RetryOptions
{
    /// <summary>The first wait; each further one is twice as long.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No wait is longer.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);

    public IEnumerable<Problem> Check()
    {
        if (First < TimeSpan.FromMilliseconds(10)) yield return new("first", "must be at least 10ms");
        if (Longest < First) yield return new("longest", "must not be shorter than first");
        if (Longest > TimeSpan.FromHours(1)) yield return new("longest", "must be at most 1h");
    }
}
