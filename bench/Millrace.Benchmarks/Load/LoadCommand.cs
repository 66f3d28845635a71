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
            using var load = LoadOf(options);
            load.Connect(stop);
            Write(new LoadLine { Event = LoadLine.Ready });
            using var input = new StreamReader(Console.OpenStandardInput());
            if (await input.ReadLineAsync(stop) is null) return ExitCode.Interrupted;
            Write(await load.RunAsync(WhileOpen(input, stop)));
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted; // the parent says why, if it still can
        }
        catch (FaultException e)
        {
            Write(new LoadLine { Event = e.Fault == Fault.Refused ? LoadLine.Refused : LoadLine.Failed, Reason = e.Message });
            return ExitCode.Failed;
        }
    }

    /// <summary>The words that <see cref="Read"/> reads back.</summary>
    public static IEnumerable<string> Words(LoadOptions options)
    {
        List<string> words =
        [
            Name,
            "--connect", options.Connect.ToString(),
            "--shape", $"{options.Shape.Connections}x{options.Shape.Window}",
            "--messages", $"{options.Messages}",
            "--qos", $"{options.Qos}",
            "--rate", $"{options.Rate}",
        ];
        if (options.Subscription is { } wanted)
            words.AddRange(["--subscribers", $"{wanted.Subscribers}", "--filter", wanted.Filter, "--subscription-qos", $"{wanted.Qos}"]);
        if (options.Certificate is not null) words.AddRange(["--certificate", options.Certificate]);
        if (options.Storm) words.Add("--storm");
        return words;
    }

    private static ILoad LoadOf(LoadOptions options)
    {
        if (options.Storm) return new StormLoad(options, Progress);
        return options.Certificate is null ? new EpollLoad(options, Progress) : new TlsLoad(options, Progress);
    }

    private static LoadOptions? Read(string[] args)
    {
        var arguments = new Arguments(
            args,
            ["--storm"],
            ["--connect", "--shape", "--messages", "--qos", "--rate", "--subscribers", "--filter", "--subscription-qos", "--certificate"]);
        if (!IPEndPoint.TryParse(arguments.Text("--connect") ?? "", out var connect) || connect.AddressFamily != AddressFamily.InterNetwork
            || !IPAddress.IsLoopback(connect.Address) || connect.Port == 0)
            arguments.Add("--connect", "needs 127.0.0.1:PORT; no machine but this one is ever loaded");
        if (!LoadShape.TryParse(arguments.Text("--shape") ?? "", out var shape))
            arguments.Add("--shape", "needs CONNECTIONSxWINDOW, as 100x50");
        var messages = arguments.Integer("--messages", 0, 1, int.MaxValue);
        if (messages == 0) arguments.Add("--messages", "is needed");
        var subscribers = arguments.Integer("--subscribers", 0, 0, LoadShape.MaxConnections);
        var filter = arguments.Text("--filter");
        if (subscribers > 0 && filter is null) arguments.Add("--filter", "is needed where there are subscribers");
        if (subscribers > 0 && arguments.Text("--certificate") is not null) arguments.Add("--certificate", "subscribers are not served over TLS");
        var options = new LoadOptions
        {
            Connect = connect ?? new IPEndPoint(IPAddress.Loopback, 0),
            Shape = shape,
            Messages = messages,
            Qos = arguments.Integer("--qos", 1, 0, 2),
            Rate = arguments.Integer("--rate", 0, 0, int.MaxValue),
            Subscription = subscribers == 0 ? null : new LoadSubscription(subscribers, filter ?? "", arguments.Integer("--subscription-qos", 0, 0, 2)),
            Certificate = arguments.Text("--certificate"),
            Storm = arguments.Flag("--storm"),
        };

        if (arguments.Problems.Count == 0) return options;
        foreach (var problem in arguments.Problems) Console.Error.WriteLine(problem);
        return null;
    }

    private static void Progress(long acknowledged) => Write(new LoadLine { Event = LoadLine.Progress, Acknowledged = acknowledged });

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
