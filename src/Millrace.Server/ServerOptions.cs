using System.Net;
using Millrace.Connectors.S3;
using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Gateway.Epoll;
using Millrace.Server.Listeners;
using Millrace.Storage.Series;

namespace Millrace.Server;

/// <summary>How one server runs. The defaults run a plant on one machine.</summary>
public sealed record ServerOptions
{
    /// <summary>Everything the server keeps is below this directory; one process owns it.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>Where devices connect without TLS, everybody. Port 0 takes a free one. Null: 127.0.0.1:1883, unless <see cref="Declared"/> is given.</summary>
    public ValueList<IPEndPoint>? Mqtt { get; init; }

    /// <summary>Where devices connect with TLS and a certificate.</summary>
    public ValueList<IPEndPoint> Mqtts { get; init; } = [];

    /// <summary>Where programs connect by WebSocket without TLS, everybody.</summary>
    public IPEndPoint? Ws { get; init; }

    /// <summary>Where programs and web pages connect by WebSocket with TLS, and a password or token.</summary>
    public IPEndPoint? Wss { get; init; }

    /// <summary>Listeners declared in full, in the configuration file; null where it has no such list.</summary>
    public ValueList<ListenerDeclaration>? Declared { get; init; }

    /// <summary>A PEM file for all listeners with TLS that name none; null: this server's own authority issues what they show.</summary>
    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    /// <summary>What serves <see cref="Mqtt"/>.</summary>
    public MqttTransport MqttTransport { get; init; } = MqttTransport.Auto;

    /// <summary>Whether it is the epoll transport.</summary>
    public bool UsesEpoll => MqttTransport == MqttTransport.Epoll || (MqttTransport == MqttTransport.Auto && EpollListener.IsSupported);

    /// <summary>Where the console, the API and publishing over HTTP are.</summary>
    public IPEndPoint Http { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>A pipeline file that is applied at every start; null: what was applied last.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The directory of files that enrich steps look in; null: there are none.</summary>
    public string? Reference { get; init; }

    /// <summary>A directory with the secrets that rules may ask for, a file each; null: there are none.</summary>
    public string? Secrets { get; init; }

    /// <summary>Partitions of the ingress log. The number never changes afterwards.</summary>
    public int LogPartitions { get; init; } = 1;

    /// <summary>A segment file of a log this large is sealed and the next one begun.</summary>
    public ByteSize LogSegmentSize { get; init; } = ByteSize.MiB(128);

    /// <summary>Older segments of the ingress log are dropped; null: kept for ever.</summary>
    public TimeSpan? LogMaxAge { get; init; }

    /// <summary>The oldest segments of a partition are dropped while it holds more; null: kept for ever.</summary>
    public ByteSize? LogMaxBytes { get; init; }

    /// <summary>Time series: memory, files, queries.</summary>
    public SeriesOptions Series { get; init; } = new();

    /// <summary><c>s3://bucket/prefix</c>, where time series have a copy of their files; null: they are on the disk only.</summary>
    public string? SeriesRemote { get; init; }

    /// <summary>A server that speaks S3's protocol; null: AWS's.</summary>
    public string? SeriesRemoteEndpoint { get; init; }

    /// <summary>Null: what the usual variables and files of AWS say.</summary>
    public string? SeriesRemoteRegion { get; init; }

    /// <summary>A file as <c>~/.aws/credentials</c>; null: what AWS's tools would find.</summary>
    public string? SeriesRemoteCredentials { get; init; }

    /// <summary>Problems are named as in a configuration file.</summary>
    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Data)) yield return new("data", "must name a directory");
        if (!IPAddress.IsLoopback(Http.Address))
        {
            yield return new("http", $"{Http} can be reached from other machines, and the console and the API let anybody in. Listen on 127.0.0.1, ::1 or "
                + "localhost, and put a proxy on the same host in front of it that terminates TLS and authenticates; devices publish over HTTPS at a "
                + "listener of type https");
        }

        foreach (var problem in ListenerList.Check(this)) yield return problem;
        if (MqttTransport == MqttTransport.Epoll && !EpollListener.IsSupported)
            yield return new("mqttTransport", "epoll needs Linux on x86-64 or arm64; leave it out, or take kestrel");
        if (LogPartitions is < 1 or > 256) yield return new("logPartitions", "must be from 1 to 256");
        if (LogSegmentSize < ByteSize.MiB(1) || LogSegmentSize > ByteSize.MiB(64 * 1024))
            yield return new("logSegmentSize", "must be from 1MiB to 64GiB");
        if (LogMaxAge < TimeSpan.FromMinutes(1)) yield return new("logMaxAge", "must be at least 1m; leave it out to keep records for ever");
        if (LogMaxBytes < LogSegmentSize)
            yield return new("logMaxBytes", "must be at least logSegmentSize: the segment being written is never dropped");
        foreach (var problem in Series.Check()) yield return problem;
        if (SeriesRemote is not null && S3Address.TryParse(SeriesRemote, SeriesRemoteEndpoint, SeriesRemoteRegion, out _) is { } wrong) yield return new("seriesRemote", wrong);
        if (SeriesRemote is null && SeriesRemoteEndpoint is not null) yield return new("seriesRemoteEndpoint", "needs seriesRemote, which names the bucket");
        if (SeriesRemote is null && SeriesRemoteCredentials is not null) yield return new("seriesRemoteCredentials", "needs seriesRemote, which names the bucket");
        if (SeriesRemote is null && Series.DiskLimit is not null)
            yield return new("seriesDiskLimit", "needs seriesRemote: files may leave the disk only when a bucket has them. A table's retention deletes rows");
    }
}
