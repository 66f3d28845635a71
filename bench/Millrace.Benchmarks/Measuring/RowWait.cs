using System.Diagnostics;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Measuring;

/// <summary>Waits until a table holds exactly the rows that were published.</summary>
internal static class RowWait
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="FaultException">There are more rows than messages, or the count has stood still.</exception>
    public static async Task UntilAsync(ITable table, long expected, CancellationToken stop)
    {
        var last = -1L;
        var lastRise = Stopwatch.GetTimestamp();
        while (true)
        {
            var count = await table.CountAsync(stop);
            if (count == expected) return;
            if (count > expected)
                throw new FaultException(Fault.Corrupt, $"{count:N0} rows of {expected:N0} messages: some were stored twice");
            if (count > last)
            {
                last = count;
                lastRise = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(lastRise) > Patience)
            {
                throw new FaultException(
                    Fault.Unavailable, $"{count:N0} rows of {expected:N0} acknowledged messages, and no new one for {Patience.TotalSeconds:0} s");
            }

            await Task.Delay(Every, stop);
        }
    }
}
