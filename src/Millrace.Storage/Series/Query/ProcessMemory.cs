namespace Millrace.Storage.Series.Query;

/// <summary>The memory of this process, looked at again at most every twentieth of a second: the kernel writes a page of text each time. Any thread.</summary>
internal static class ProcessMemory
{
    private const long GoodForMs = 50;

    private static long _bytes;
    private static long _at = -GoodForMs;

    public static long Bytes
    {
        get
        {
            var now = Environment.TickCount64;
            if (now - Volatile.Read(ref _at) < GoodForMs) return Volatile.Read(ref _bytes);
            var bytes = Environment.WorkingSet;
            Volatile.Write(ref _bytes, bytes);
            Volatile.Write(ref _at, now);
            return bytes;
        }
    }
}
