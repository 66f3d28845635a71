namespace Millrace.SystemTests.Interop;

/// <summary>
/// The broker that other people's clients talk to: ours, or mosquitto where the environment says <c>MILLRACE_INTEROP_BROKER=mosquitto</c>,
/// which checks the tests themselves.
/// </summary>
public class BrokerUnderTest : IAsyncLifetime
{
    private readonly string[] _options;
    private MosquittoProcess? _mosquitto;

    public BrokerUnderTest()
        : this([])
    {
    }

    /// <param name="options">Of the verb serve.</param>
    protected BrokerUnderTest(params string[] options) => _options = options;

    /// <summary>Where mosquitto is known to differ from the specification, a test says so and leaves out what it would fail.</summary>
    public static bool IsMosquitto { get; } = Environment.GetEnvironmentVariable("MILLRACE_INTEROP_BROKER") == "mosquitto";

    /// <summary>Where the tests connect.</summary>
    public virtual int Port => Ours?.MqttPort ?? _mosquitto!.Port;

    /// <summary>The same place by WebSocket.</summary>
    public virtual string WebSocketUrl => $"ws://127.0.0.1:{(IsMosquitto ? _mosquitto!.WebSocketPort : OurWebSocketPort)}/mqtt";

    /// <summary>Authority, certificate and key of a client; empty where there is no TLS.</summary>
    public virtual string[] ClientFiles => [];

    /// <summary>What mosquitto's clients need to connect.</summary>
    public string[] MosquittoOptions => ClientFiles is [var ca, var certificate, var key]
        ? ["-h", "127.0.0.1", "-p", $"{Port}", "--cafile", ca, "--cert", certificate, "--key", key]
        : ["-h", "127.0.0.1", "-p", $"{Port}"];

    protected MillraceProcess? Ours { get; private set; }

    protected int OurWebSocketPort { get; } = MillraceProcess.FreePort();

    public async ValueTask InitializeAsync()
    {
        if (IsMosquitto)
        {
            _mosquitto = await MosquittoProcess.StartAsync();
            return;
        }

        Ours = await StartOursAsync(_options);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => Ours?.KillAsync() ?? _mosquitto!.KillAsync();

    /// <summary>Starts after <see cref="KillAsync"/>, on the same ports and data.</summary>
    public Task StartAgainAsync() => Ours?.StartAgainAsync() ?? _mosquitto!.StartAgainAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (Ours is not null) await Ours.DisposeAsync();
        if (_mosquitto is not null) await _mosquitto.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual Task<MillraceProcess> StartOursAsync(string[] options) =>
        MillraceProcess.StartAsync(null, null, ["--ws", $"127.0.0.1:{OurWebSocketPort}", .. options]);
}
