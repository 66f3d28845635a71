using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Load;

/// <summary>The load generator as a process of its own, so that what it uses is not counted as the server's. Benchmarks start it.</summary>
/// <remarks>Writes <see cref="LoadLine"/>s; publishes after one line on standard input; ends when that input ends, so it never outlives its parent.</remarks>
internal static class LoadCommand
{
    public const string Name = "load";

    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var options = Read(args);
        if (options is null) return ExitCode.Usage;
        try
        {
            using var generator = new LoadGenerator(options, static n => Write(new LoadLine { Event = LoadLine.Progress, Acknowledged = n }));
            generator.Connect(stop);
            Write(new LoadLine { Event = LoadLine.Ready });
            using var input = new StreamReader(Console.OpenStandardInput());
            if (await input.ReadLineAsync(stop) is null) return ExitCode.Interrupted;
            Write(generator.Run(WhileOpen(input, stop)));
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted; // the parent says why, if it still can
        }
        catch (FaultException e)
        {
            Write(new LoadLine { Event = LoadLine.Failed, Reason = e.Message });
            return ExitCode.Failed;
        }
    }

    /// <summary>The words that <see cref="Read"/> reads back.</summary>
    public static IEnumerable<string> Words(LoadOptions options) =>
    [
        Name,
        "--connect", options.Connect.ToString(),
        "--shape", $"{options.Shape.Connections}x{options.Shape.Window}",
        "--messages", $"{options.Messages}",
        "--rate", $"{options.Rate}",
    ];

    private static LoadOptions? Read(string[] args)
    {
        var arguments = new Arguments(args, [], ["--connect", "--shape", "--messages", "--rate"]);
        if (!IPEndPoint.TryParse(arguments.Text("--connect") ?? "", out var connect) || connect.AddressFamily != AddressFamily.InterNetwork
            || !IPAddress.IsLoopback(connect.Address) || connect.Port == 0)
            arguments.Add("--connect", "needs 127.0.0.1:PORT; no machine but this one is ever loaded");
        if (!LoadShape.TryParse(arguments.Text("--shape") ?? "", out var shape))
            arguments.Add("--shape", "needs CONNECTIONSxWINDOW, as 100x50");
        var messages = arguments.Integer("--messages", 0, 1, int.MaxValue);
        if (messages == 0) arguments.Add("--messages", "is needed");
        var rate = arguments.Integer("--rate", 0, 0, int.MaxValue);

        if (arguments.Problems.Count == 0)
            return new LoadOptions { Connect = connect!, Shape = shape, Messages = messages, Rate = rate };
        foreach (var problem in arguments.Problems) Console.Error.WriteLine(problem);
        return null;
    }

    private static CancellationToken WhileOpen(StreamReader input, CancellationToken stop)
    {
        var running = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _ = CancelAtEndAsync();
        return running.Token;

        async Task CancelAtEndAsync()
        {
            await input.ReadToEndAsync(stop);
            await running.CancelAsync();
        }
    }

    private static void Write(LoadLine line) => Console.Out.WriteLine(JsonSerializer.Serialize(line, BenchmarkJson.Line.LoadLine));
}
