namespace Millrace.SystemTests.Interop;

/// <summary>
/// The broker that other people's clients talk to: ours, or mosquitto where the environment says <c>MILLRACE_INTEROP_BROKER=mosquitto</c>,
/// which checks the tests themselves.
/// </summary>
public sealed class BrokerUnderTest : IAsyncLifetime
{
    private MillraceProcess? _millrace;
    private MosquittoProcess? _mosquitto;

    /// <summary>Where mosquitto is known to differ from the specification, a test says so and leaves out what it would fail.</summary>
    public static bool IsMosquitto { get; } = Environment.GetEnvironmentVariable("MILLRACE_INTEROP_BROKER") == "mosquitto";

    public int Port => _millrace?.MqttPort ?? _mosquitto!.Port;

    /// <summary>Where MQTT over WebSocket is spoken.</summary>
    public string WebSocketUrl => _millrace is { } ours ? $"ws://127.0.0.1:{ours.HttpPort}/mqtt" : $"ws://127.0.0.1:{_mosquitto!.WebSocketPort}/mqtt";

    /// <summary>What the broker has printed, for the message of a test that fails.</summary>
    public string Output => _millrace?.Output ?? _mosquitto!.Output;

    public async ValueTask InitializeAsync()
    {
        if (IsMosquitto) _mosquitto = await MosquittoProcess.StartAsync();
        else _millrace = await MillraceProcess.StartAsync();
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _millrace?.KillAsync() ?? _mosquitto!.KillAsync();

    /// <summary>Starts after <see cref="KillAsync"/>, on the same ports and data.</summary>
    public Task StartAgainAsync() => _millrace?.StartAgainAsync() ?? _mosquitto!.StartAgainAsync();

    public async ValueTask DisposeAsync()
    {
        if (_millrace is not null) await _millrace.DisposeAsync();
        if (_mosquitto is not null) await _mosquitto.DisposeAsync();
    }
}
