using System.Globalization;
using System.Net;
using Millrace.Contracts;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Cli.Settings;

/// <summary>Everything about a server that can be set. Not listed here: cannot be.</summary>
internal static class ServerSettings
{
    public const string Prefix = "MILLRACE_";
    public const string ConfigVariable = "MILLRACE_CONFIG";
    public const string UrlVariable = "MILLRACE_URL";

    private const string SizeRule = "must be a size such as 64MiB or 5GB";

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("data", "DIR", "the directory everything is kept in [default: ./data]", static (o, v) => new(o with { Data = v })),
        new("mqtt", "ADDR:PORT", "where devices connect without TLS; several with a comma between [default: 127.0.0.1:1883]", SetMqtt),
        new("mqtts", "ADDR:PORT", "where devices connect with TLS and their certificate; several with a comma between", SetMqtts),
        new("ws", "ADDR:PORT", "where programs on this machine connect by WebSocket", static (o, v) => Endpoint(o, v, e => o with { Ws = e })),
        new("wss", "ADDR:PORT", "where programs and pages connect by WebSocket over TLS, with a password or token",
            static (o, v) => Endpoint(o, v, e => o with { Wss = e })),
        new("tlsCertificate", "FILE", "PEM file with the certificate that listeners show [default: one of our own authority]",
            static (o, v) => new(o with { TlsCertificate = v })),
        new("tlsKey", "FILE", "PEM file with its key", static (o, v) => new(o with { TlsKey = v })),
        new("mqttTransport", "KIND", "what serves plain MQTT: auto, epoll or kestrel [default: auto, epoll on Linux]", SetTransport),
        new("http", "ADDR:PORT", "where the console and the API are [default: 127.0.0.1:8080]",
            static (o, v) => Endpoint(o, v, e => o with { Http = e })),
        new("pipeline", "FILE", "a pipeline to apply at every start [default: the one applied last]", static (o, v) => new(o with { Pipeline = v })),
        new("reference", "DIR", "the directory of files that enrich steps look things up in [default: none]", static (o, v) => new(o with { Reference = v })),
        new("secrets", "DIR", "a directory with secrets for rules, a file each [default: none]", static (o, v) => new(o with { Secrets = v })),
        new("logPartitions", "N", "partitions of the ingress log, fixed from the first start [default: 1]", SetPartitions),
        new("logSegmentSize", "SIZE", "size of one file of a log [default: 128MiB]", SetSegmentSize),
        new("logMaxAge", "TIME", "drop older messages from the ingress log [default: keep]", SetMaxAge),
        new("logMaxBytes", "SIZE", "drop the oldest messages of a partition beyond this [default: keep]", SetMaxBytes),
        new("memoryLimit", "SIZE", "memory for time series and queries [default: a quarter of the machine's or the container's]",
            static (o, v) => Size(o, v, size => o with { Series = o.Series with { MemoryLimit = size } })),
        new("queryTimeLimit", "TIME", "stop a query that runs longer [default: 30s]", static (o, v) => Time(o, v, time => o with { Series = o.Series with { QueryTime = time } })),
        new("querySpill", "SIZE", "disk that queries may take for what does not fit into memory [default: 8GiB]",
            static (o, v) => Size(o, v, size => o with { Series = o.Series with { QuerySpill = size } })),
        new("seriesMoveRows", "N", "move rows of time series from memory to files when there are so many [default: 2000000]",
            static (o, v) => Count(o, v, count => o with { Series = o.Series with { MoveRows = count } })),
        new("seriesMoveBytes", "SIZE", "or when they take so much memory [default: 256MiB]",
            static (o, v) => Size(o, v, size => o with { Series = o.Series with { MoveBytes = size } })),
        new("seriesMoveAge", "TIME", "or when they are so old: what a restart reads again from the log [default: 5m]",
            static (o, v) => Time(o, v, time => o with { Series = o.Series with { MoveAge = time } })),
        new("seriesMaxSeries", "N", "series in all tables together [default: 5000000]", static (o, v) => Count(o, v, count => o with { Series = o.Series with { MaxSeries = count } })),
        new("seriesRemote", "s3://BUCKET/PREFIX", "a bucket that holds a copy of the time series, and all of them where the disk does not [default: none]",
            static (o, v) => new(o with { SeriesRemote = v })),
        new("seriesRemoteEndpoint", "URL", "a server that speaks S3, as http://127.0.0.1:9000 [default: AWS]", static (o, v) => new(o with { SeriesRemoteEndpoint = v })),
        new("seriesRemoteRegion", "NAME", "the bucket's region [default: as AWS's variables and files say]", static (o, v) => new(o with { SeriesRemoteRegion = v })),
        new("seriesRemoteCredentials", "FILE", "a file with a key, as ~/.aws/credentials [default: as AWS's variables and files say]",
            static (o, v) => new(o with { SeriesRemoteCredentials = v })),
        new("seriesDiskLimit", "SIZE", "keep so much of the time series on the disk, and fetch the rest from the bucket when a query wants it [default: keep all]",
            static (o, v) => Size(o, v, size => o with { Series = o.Series with { DiskLimit = size } })),
    ];

    private static SettingOutcome SetMqtt(ServerOptions options, string value) =>
        TryParse(value, out var endpoints, out var wrong) ? new(options with { Mqtt = [.. endpoints] }) : new(options, wrong);

    private static SettingOutcome SetMqtts(ServerOptions options, string value) =>
        TryParse(value, out var endpoints, out var wrong) ? new(options with { Mqtts = [.. endpoints] }) : new(options, wrong);

    private static bool TryParse(string value, out List<IPEndPoint> endpoints, out string? wrong)
    {
        (endpoints, wrong) = ([], null);
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Endpoints.TryParse(part, out var endpoint, out wrong)) return false;
            endpoints.Add(endpoint);
        }

        return true;
    }

    private static SettingOutcome SetTransport(ServerOptions options, string value) =>
        Enum.TryParse<MqttTransport>(value, ignoreCase: true, out var transport) && Enum.IsDefined(transport) && !char.IsAsciiDigit(value[0])
            ? new(options with { MqttTransport = transport })
            : new(options, "must be auto, epoll or kestrel");

    private static SettingOutcome Endpoint(ServerOptions options, string value, Func<IPEndPoint, ServerOptions> set) =>
        Endpoints.TryParse(value, out var endpoint, out var wrong) ? new(set(endpoint)) : new(options, wrong);

    private static SettingOutcome SetPartitions(ServerOptions options, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new(options with { LogPartitions = count })
            : new(options, "must be a whole number");

    private static SettingOutcome SetSegmentSize(ServerOptions options, string value) =>
        ByteSize.TryParse(value, out var size) ? new(options with { LogSegmentSize = size }) : new(options, SizeRule);

    private static SettingOutcome SetMaxAge(ServerOptions options, string value) =>
        Durations.TryParse(value, out var age) ? new(options with { LogMaxAge = age }) : new(options, Durations.Rule);

    private static SettingOutcome SetMaxBytes(ServerOptions options, string value) =>
        ByteSize.TryParse(value, out var size) ? new(options with { LogMaxBytes = size }) : new(options, SizeRule);

    private static SettingOutcome Size(ServerOptions options, string value, Func<ByteSize, ServerOptions> set) =>
        ByteSize.TryParse(value, out var size) ? new(set(size)) : new(options, SizeRule);

    private static SettingOutcome Time(ServerOptions options, string value, Func<TimeSpan, ServerOptions> set) =>
        Durations.TryParse(value, out var time) ? new(set(time)) : new(options, Durations.Rule);

    private static SettingOutcome Count(ServerOptions options, string value, Func<long, ServerOptions> set) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? new(set(count)) : new(options, "must be a whole number");
}
