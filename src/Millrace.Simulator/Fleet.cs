using Microsoft.Extensions.Logging;
using Millrace.Simulator.Devices;
using Millrace.Simulator.Links;

namespace Millrace.Simulator;

/// <summary>Devices that speak to a server over real MQTT, each on a connection of its own.</summary>
public sealed class Fleet
{
    /// <summary>How long devices may take, once they are stopped, to deliver what they keep.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly FleetOptions _options;
    private readonly IServer _server;
    private readonly TimeProvider _clock;
    private readonly FleetPlan _plan;
    private readonly Tally _tally;

    /// <param name="options">Checked by the caller.</param>
    /// <param name="host">Name or address of the server.</param>
    /// <param name="port">Of its MQTT over TCP.</param>
    /// <param name="clock">All times that devices tell come from it, and all waits.</param>
    /// <param name="logger">Told when the server is lost and found.</param>
    public Fleet(FleetOptions options, string host, int port, TimeProvider clock, ILogger logger)
        : this(options, new MqttServer(host, port, clock), clock, logger)
    {
    }

    internal Fleet(FleetOptions options, IServer server, TimeProvider clock, ILogger logger)
    {
        (_options, _server, _clock) = (options, server, clock);
        _plan = new FleetPlan(options);
        _tally = new Tally(options.Name, logger);
    }

    /// <summary>Who is in it and what is wrong with whom. Known before it runs.</summary>
    public FleetSummary Summary => _plan.Summary;

    /// <summary>So far; may be asked while it runs.</summary>
    public FleetCounts Counts => _tally.Counts;

    /// <summary>
    /// Runs until it is stopped, and then some seconds more at most, to deliver what devices still keep. Waits for the server where it is not
    /// there. To be called once.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _clock);
        using var ending = running.Token.Register(() => end.CancelAfter(Grace));
        var random = new Random(_options.Seed);
        var uplinks = _plan.Devices.Select(device => new Uplink(device, _server, _options, new Random(random.Next()), _tally, _clock)).ToArray();
        try
        {
            var loops = uplinks.SelectMany(uplink => new[] { uplink.MeasureAsync(running.Token), uplink.DeliverAsync(running.Token, end.Token) });
            await Task.WhenAll(loops.ToArray().Select(loop => StopAllWithAsync(loop, running))).ConfigureAwait(false);
        }
        finally
        {
            foreach (var uplink in uplinks) uplink.Dispose();
        }
    }

    // A loop ends by itself only through a bug, which must not hide behind the devices that go on.
    private static async Task StopAllWithAsync(Task loop, CancellationTokenSource running)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
        finally
        {
            await running.CancelAsync().ConfigureAwait(false);
        }
    }
}
