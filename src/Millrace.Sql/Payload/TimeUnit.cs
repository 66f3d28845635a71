namespace Millrace.Sql.Payload;

/// <summary>What a number of an epoch time counts.</summary>
public enum TimeUnit : byte
{
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}
