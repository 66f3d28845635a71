using System.Text;
using Millrace.Server.Cli;

namespace Millrace.Tests.Server.Cli;

/// <summary>A shell to call the program from: files and a server in memory, and what was printed.</summary>
internal sealed class Shell
{
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    public FakeServer Server { get; init; } = new(200, "{}");

    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Those of the files that only their owner may read.</summary>
    public HashSet<string> Secrets { get; } = [];

    public Dictionary<string, string> Environment { get; } = [];

    public bool IsTerminal { get; init; }

    /// <summary>What stands on the standard input.</summary>
    public byte[] Input { get; init; } = "from the standard input"u8.ToArray();

    /// <summary>What was written to the standard output as bytes, before any text.</summary>
    public MemoryStream Bytes { get; } = new();

    public ServerRun? Served { get; private set; }

    public SimulatorRun? Simulated { get; private set; }

    public string Out => Encoding.UTF8.GetString(Bytes.ToArray()) + _out;

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, new CliContext
    {
        Out = new StringWriter(_out) { NewLine = "\n" },
        Error = new StringWriter(_error) { NewLine = "\n" },
        In = () => new MemoryStream(Input),
        OutBytes = () => Bytes,
        OpenFile = path => new MemoryStream(Encoding.UTF8.GetBytes(Files[path])),
        NewFile = path =>
        {
            var bytes = new MemoryStream();
            return new WholeFile(bytes, () => Files[path] = Encoding.UTF8.GetString(bytes.ToArray()), static () => { });
        },
        IsTerminal = IsTerminal,
        Environment = Environment,
        ReadFile = (path, limit) => Files.TryGetValue(path, out var text)
            ? [.. Encoding.UTF8.GetBytes(text).Take(limit + 1)]
            : throw new FileNotFoundException($"There is no file {path}."),
        FileExists = Files.ContainsKey,
        WriteFile = (path, text, isSecret) =>
        {
            Files[path] = text;
            if (isSecret) Secrets.Add(path);
        },
        Http = () => Server,
        Serve = (run, _) =>
        {
            Served = run;
            return Task.FromResult(Exit.Ok);
        },
        Simulate = (run, _, _) =>
        {
            Simulated = run;
            return Task.FromResult(Exit.Ok);
        },
    });
}
