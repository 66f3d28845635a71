namespace Millrace.Gateway.Sessions;

/// <summary>Numbers that are given once in the life of the process.</summary>
internal static class SubscriberNumbers
{
    private static long _last;

    public static long Next() => Interlocked.Increment(ref _last);
}
