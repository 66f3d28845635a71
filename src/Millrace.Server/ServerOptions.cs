using System.Net;
using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Gateway.Epoll;

namespace Millrace.Server;

/// <summary>How one server runs. The defaults run a plant on one machine.</summary>
public sealed record ServerOptions
{
    /// <summary>Everything the server keeps is below this directory; one process owns it.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>Where devices connect. Port 0 takes a free one.</summary>
    public ValueList<IPEndPoint> Mqtt { get; init; } = [new IPEndPoint(IPAddress.Loopback, 1883)];

    /// <summary>What serves <see cref="Mqtt"/>.</summary>
    public MqttTransport MqttTransport { get; init; } = MqttTransport.Auto;

    /// <summary>Whether it is the epoll transport.</summary>
    public bool UsesEpoll => MqttTransport == MqttTransport.Epoll || (MqttTransport == MqttTransport.Auto && EpollListener.IsSupported);

    /// <summary>Where the console, the API and publishing over HTTP are.</summary>
    public IPEndPoint Http { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>A pipeline file that is applied at every start; null: what was applied last.</summary>
    public string? Pipeline { get; init; }

    /// <summary>Partitions of the ingress log. The number never changes afterwards.</summary>
    public int LogPartitions { get; init; } = 1;

    /// <summary>A segment file of a log this large is sealed and the next one begun.</summary>
    public ByteSize LogSegmentSize { get; init; } = ByteSize.MiB(128);

    /// <summary>Older segments of the ingress log are dropped; null: kept for ever.</summary>
    public TimeSpan? LogMaxAge { get; init; }

    /// <summary>The oldest segments of a partition are dropped while it holds more; null: kept for ever.</summary>
    public ByteSize? LogMaxBytes { get; init; }

    /// <summary>What the analytics engine may use for rows in memory and for queries together.</summary>
    public ByteSize MemoryLimit { get; init; } = ByteSize.MiB(1024);

    /// <summary>A query that runs longer is stopped.</summary>
    public TimeSpan QueryTimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Problems are named as in a configuration file.</summary>
    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Data)) yield return new("data", "must name a directory");
        if (Mqtt.Count == 0) yield return new("mqtt", "needs at least one address");
        foreach (var endpoint in Mqtt.Where(static e => !IPAddress.IsLoopback(e.Address))) yield return new("mqtt", NotLoopback(endpoint));
        if (!IPAddress.IsLoopback(Http.Address)) yield return new("http", NotLoopback(Http));
        if (MqttTransport == MqttTransport.Epoll && !EpollListener.IsSupported)
            yield return new("mqttTransport", "epoll needs Linux on x86-64 or arm64; leave it out, or take kestrel");
        var bound = Mqtt.Append(Http).Where(static e => e.Port != 0).ToArray();
        if (bound.GroupBy(static e => e).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            yield return new(twice.Key.Equals(Http) ? "http" : "mqtt", $"{twice.Key} is taken twice; give each its own port");
        if (LogPartitions is < 1 or > 256) yield return new("logPartitions", "must be from 1 to 256");
        if (LogSegmentSize < ByteSize.MiB(1) || LogSegmentSize > ByteSize.MiB(64 * 1024))
            yield return new("logSegmentSize", "must be from 1MiB to 64GiB");
        if (LogMaxAge < TimeSpan.FromMinutes(1)) yield return new("logMaxAge", "must be at least 1m; leave it out to keep records for ever");
        if (LogMaxBytes < LogSegmentSize)
            yield return new("logMaxBytes", "must be at least logSegmentSize: the segment being written is never dropped");
        if (MemoryLimit < ByteSize.MiB(64)) yield return new("memoryLimit", "must be at least 64MiB");
        if (QueryTimeLimit < TimeSpan.FromMilliseconds(100)) yield return new("queryTimeLimit", "must be at least 100ms");
        if (QueryTimeLimit > TimeSpan.FromHours(1)) yield return new("queryTimeLimit", "must be at most 1h");
    }

    private static string NotLoopback(IPEndPoint endpoint) =>
        $"{endpoint} can be reached from other machines, and this version lets anybody in. Listen on 127.0.0.1, ::1 or localhost, and put a proxy "
        + "on the same host in front of it that terminates TLS and authenticates";
}
