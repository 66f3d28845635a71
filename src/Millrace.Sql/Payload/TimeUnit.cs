namespace Millrace.Sql.Payload;

/// <summary>What a number of an epoch time counts. Its value is that many nanoseconds.</summary>
public enum TimeUnit
{
    Nanoseconds = 1,
    Microseconds = 1_000,
    Milliseconds = 1_000_000,
    Seconds = 1_000_000_000,
}
