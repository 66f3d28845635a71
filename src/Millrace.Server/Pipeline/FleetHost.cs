using System.Net;
using Millrace.Simulator;

namespace Millrace.Server.Pipeline;

/// <summary>The simulated fleets that a pipeline file asks for, connected to this server like any device.</summary>
internal sealed class FleetHost(TimeProvider clock, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);
    private IReadOnlyList<FleetOptions> _wanted = [];
    private readonly ILogger _logger = loggers.CreateLogger("Millrace.Fleets");
    private IPEndPoint? _server;
    private bool _isListening;

    public IReadOnlyList<Fleet> Fleets => [.. _running.Values.Select(static running => running.Fleet)];

    /// <summary>The server listens: fleets may come.</summary>
    /// <param name="server">Where they are let in; null: nowhere, and they stay away.</param>
    public void Connect(IPEndPoint? server)
    {
        (_server, _isListening) = (server, true);
        TellOfNoListener();
        if (server is null) return;
        foreach (var options in _wanted) Start(options);
    }

    public async Task ApplyAsync(IReadOnlyList<FleetOptions> fleets)
    {
        _wanted = fleets;
        foreach (var (name, running) in _running.ToArray())
        {
            if (fleets.Contains(running.Options)) continue;
            _running.Remove(name);
            await running.DisposeAsync();
        }

        if (_isListening) TellOfNoListener();
        if (_server is null) return;
        foreach (var options in fleets)
            if (!_running.ContainsKey(options.Name)) Start(options);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_running.Values.Select(static running => running.DisposeAsync().AsTask()));
        _running.Clear();
    }

    private void TellOfNoListener()
    {
        if (_server is null && _wanted.Count > 0)
            _logger.LogWarning("The pipeline's {Count} fleets do not run: simulated devices need a listener of type mqtt that takes anonymous clients.", _wanted.Count);
    }

    private void Start(FleetOptions options) =>
        _running.Add(options.Name, new Running(options, new Fleet(
            options, _server!.Address.ToString(), _server.Port, clock, loggers.CreateLogger($"Millrace.Fleet.{options.Name}"))));

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _task;

        public Running(FleetOptions options, Fleet fleet)
        {
            Options = options;
            Fleet = fleet;
            _task = Task.Run(() => fleet.RunAsync(_stop.Token));
        }

        public FleetOptions Options { get; }

        public Fleet Fleet { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
