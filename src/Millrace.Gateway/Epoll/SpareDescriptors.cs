namespace Millrace.Gateway.Epoll;

/// <summary>
/// Descriptors that connections leave to the rest of the process. Without one, the log cannot begin a segment and the runtime cannot start a thread.
/// </summary>
internal static class SpareDescriptors
{
    private const ulong Most = 256;

    /// <summary>The first number that a connection must not have: the system gives the lowest that is free.</summary>
    public static int End()
    {
        Span<ulong> softAndHard = stackalloc ulong[2];
        if (Libc.GetLimit(Libc.LimitOfFiles, softAndHard) != 0) return int.MaxValue;
        var limit = softAndHard[0];
        return (int)Math.Min(limit - Math.Min(limit / 8, Most), int.MaxValue);
    }
}
