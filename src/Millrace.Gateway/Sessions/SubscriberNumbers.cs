namespace Millrace.Gateway.Sessions;

/// <summary>Numbers that are given once in the life of the process.</summary>
internal static class SubscriberNumbers
{
    private static long last;

    public static long Next() => Interlocked.Increment(ref last);
}
