using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>How a flow whose statement has GROUP BY keeps its windows.</summary>
public sealed record WindowOptions
{
    private static readonly TimeSpan LatenessOfDevices = TimeSpan.FromSeconds(10);

    /// <summary>Where the event time of a message stands; null: its arrival. A field, or a path with dots, of the message as it was published.</summary>
    public TimeOptions? Time { get; init; }

    /// <summary>How far out of order rows may come; null: 10 s, and nothing where time is the arrival, which is in order.</summary>
    public TimeSpan? Lateness { get; init; }

    /// <summary>The stream that gets messages which came too late, as they were published; null: they are counted only.</summary>
    public string? Late { get; init; }

    /// <summary>A partition without messages for so long, of wall-clock time, holds no window open.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Groups in open windows. A message that would open one more is refused, to the dead letters.</summary>
    public int MaxGroups { get; init; } = 100_000;

    internal long LatenessNs => (Lateness ?? (Time is null ? TimeSpan.Zero : LatenessOfDevices)).Ticks * TimeSpan.NanosecondsPerTick;

    public IEnumerable<Problem> Check()
    {
        if (Time is not null)
        {
            foreach (var problem in Time.Check()) yield return problem with { Where = $"time.{problem.Where}" };
            if (Time.Field.Length > 0 && Time.Field.Split('.').Contains("")) yield return new("time.field", $"'{Time.Field}' is no field and no path of fields");
        }

        if (Lateness < TimeSpan.Zero || Lateness > TimeSpan.FromDays(31)) yield return new("lateness", "must be from 0s to 31d");
        if (Late is not null && !Late.IsPlainName()) yield return new("late", $"names a stream, and {PlainNames.Rule}");
        if (Idle < TimeSpan.FromSeconds(1) || Idle > TimeSpan.FromDays(31)) yield return new("idle", "must be from 1s to 31d");
        if (MaxGroups is < 1 or > 10_000_000) yield return new("maxGroups", "must be from 1 to 10000000");
    }
}
