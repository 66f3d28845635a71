using System.Runtime.InteropServices;
using Millrace.Benchmarks;
using Millrace.Benchmarks.Load;
using Millrace.Contracts;

using var stopping = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    var name = args.Length > 0 ? args[0] : "--help";
    if (name is "--help" or "-h" or "help")
    {
        Console.WriteLine(BenchmarkList.Help);
        return ExitCode.Success;
    }

    if (name == LoadCommand.Name) return await LoadCommand.RunAsync(args[1..], stopping.Token);

    var benchmark = BenchmarkList.All.FirstOrDefault(b => b.Name == name);
    if (benchmark is not null) return await benchmark.RunAsync(args[1..], stopping.Token);

    Console.Error.WriteLine($"There is no benchmark '{name}'.\n\n{BenchmarkList.Help}");
    return ExitCode.Usage;
}
// A Ctrl-C reaches the children too: their end is then no failure.
catch (Exception e) when (stopping.IsCancellationRequested && e is (OperationCanceledException or FaultException))
{
    Console.Error.WriteLine("Stopped; what was started is stopped too, and its files are removed.");
    return ExitCode.Interrupted;
}
catch (FaultException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCode.Failed;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true; // end by unwinding, so that no server and no directory stays behind
    stopping.Cancel();
}
