using System.Collections;

namespace Millrace.Server.Cli;

/// <summary>Everything outside that a verb touches.</summary>
internal sealed record CliContext
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required Func<Stream> In { get; init; }

    /// <summary>The standard output for what is no text.</summary>
    public Func<Stream> OutBytes { get; init; } = Console.OpenStandardOutput;

    /// <summary>A file to be read bit by bit.</summary>
    public Func<string, Stream> OpenFile { get; init; } = File.OpenRead;

    /// <summary>A file that is there when it is whole, and not before.</summary>
    public Func<string, WholeFile> NewFile { get; init; } = WholeFile.Create;

    /// <summary>Somebody looks at the error output, where progress is shown.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Somebody looks at the output; else another program reads it.</summary>
    public bool IsTerminal { get; init; }

    public bool Colours { get; init; }

    public int Width { get; init; } = 120;

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a file, at most one byte more than the limit.</summary>
    public required Func<string, int, byte[]> ReadFile { get; init; }

    public required Func<string, bool> FileExists { get; init; }

    /// <summary>Writes a file and the directories it needs; true: only its owner may read it.</summary>
    public required Action<string, string, bool> WriteFile { get; init; }

    /// <summary>Asks for a line that is not shown; null where nobody is at the keyboard.</summary>
    public Func<string, string>? AskSecret { get; init; }

    public required Func<HttpMessageHandler> Http { get; init; }

    public required Func<ServerRun, CancellationToken, Task<int>> Serve { get; init; }

    public required Func<SimulatorRun, CliContext, CancellationToken, Task<int>> Simulate { get; init; }

    public static CliContext OfProcess(Func<ServerRun, CancellationToken, Task<int>> serve)
    {
        var variables = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(static v => (string)v.Key, static v => (string?)v.Value ?? "");
        var terminal = !Console.IsOutputRedirected && variables.GetValueOrDefault("TERM") != "dumb";
        return new CliContext
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.OpenStandardInput,
            IsTerminal = terminal,
            ShowsProgress = !Console.IsErrorRedirected && variables.GetValueOrDefault("TERM") != "dumb",
            Colours = terminal && string.IsNullOrEmpty(variables.GetValueOrDefault("NO_COLOR")),
            Width = terminal && Console.WindowWidth > 20 ? Console.WindowWidth : 120,
            Environment = variables,
            ReadFile = static (path, limit) =>
            {
                using var file = File.OpenRead(path);
                return ReadAtMost(file, limit);
            },
            FileExists = File.Exists,
            WriteFile = OutputFile.Write,
            AskSecret = Console.IsInputRedirected ? null : Keyboard.ReadSecret,
            // The server is on this machine; a proxy that the environment names is for elsewhere.
            Http = static () => new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) },
            Serve = serve,
            Simulate = Simulation.RunAsync,
        };
    }

    public static byte[] ReadAtMost(Stream stream, int limit)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (bytes.Length <= limit)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, limit + 1 - bytes.Length));
            if (read == 0) break;
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
