using System.ComponentModel;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>Keeps the processors from going to sleep, with programs that run only while nobody else wants to (SCHED_IDLE). Disposing ends them.</summary>
/// <remarks>
/// A virtual machine's processor that sleeps takes longer to wake up than a look-up takes, and whether one has to is a matter of chance: of which processor
/// somebody who waited was put on.
/// </remarks>
internal sealed class AwakeProcessors : IAsyncDisposable
{
    private readonly List<ChildProcess> _programs = [];

    public AwakeProcessors()
    {
        try
        {
            for (var i = 0; i < Environment.ProcessorCount; i++) _programs.Add(new ChildProcess("chrt", "chrt", ["--idle", "0", "sh", "-c", "while :; do :; done"]));
        }
        catch (Win32Exception)
        {
            ProgressDisplay.Note("chrt (util-linux) is not there: times of look-ups will depend on which processors sleep");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs) await program.DisposeAsync();
    }
}
