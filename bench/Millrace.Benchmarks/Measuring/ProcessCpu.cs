using System.Runtime.InteropServices;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Measuring;

/// <summary>The CPU clock of a process: user and system time of all its threads, the ended ones too, in nanoseconds.</summary>
/// <remarks>/proc has the same in ticks of 10 ms, which is a tenth of what a cheap row takes in all.</remarks>
internal static partial class ProcessCpu
{
    public static double SecondsOf(int process)
    {
        if (GetClock(process, out var clock) != 0 || Read(clock, out var time) != 0)
            throw new FaultException(Fault.Unavailable, $"process {process} has no CPU clock any more: it has ended");
        return time.Seconds + (time.Nanoseconds / 1e9);
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int GetClock(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Timespec time);

    /// <summary>As on every 64-bit Linux.</summary>
    private readonly struct Timespec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
