using System.Runtime.InteropServices;

namespace Millrace.Benchmarks.Measuring;

/// <summary>The CPU clock of the calling thread: it stands still while the machine does something else.</summary>
internal static partial class ThreadCpu
{
    // CLOCK_THREAD_CPUTIME_ID.
    private const int ThisThread = 3;

    public static long Nanoseconds
    {
        get
        {
            if (Read(ThisThread, out var time) != 0) throw new InvalidOperationException("the thread has no CPU clock");
            return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Timespec time);

    /// <summary>As on every 64-bit Linux.</summary>
    private readonly struct Timespec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
