using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Millrace.Benchmarks.Stacks;

/// <summary>mosquitto at its best: nothing on disk, no line per connection in its log, no limit that would make it wait or drop, small packets at once.</summary>
internal sealed class MosquittoServer : IBroker
{
    private const string Received = "$SYS/broker/publish/messages/received";
    private const string Dropped = "$SYS/broker/publish/messages/dropped";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly ScratchDirectory _scratch;

    public IPEndPoint Mqtt { get; } = Loopback.FreePorts(1)[0];

    public ChildProcess Process { get; }

    private MosquittoServer(string parent, TestCertificate? tls)
    {
        _scratch = new ScratchDirectory(parent);
        var file = _scratch.File("mosquitto.conf");

        // sys_interval: once a second it publishes its counts, some fifty of them; by them is told whether messages with QoS 0 were taken.
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"""
            listener {Mqtt.Port} 127.0.0.1
            {(tls is null ? "" : $"certfile {tls.CertificateFile}\nkeyfile {tls.KeyFile}")}
            allow_anonymous true
            persistence false
            max_inflight_messages 0
            max_queued_messages 0
            set_tcp_nodelay true
            sys_interval 1
            log_dest stderr
            log_type error
            log_type warning

            """));
        Process = new ChildProcess("mosquitto", PeerPrograms.PathOf("mosquitto"), ["-c", file]);
    }

    public static async Task<MosquittoServer> StartAsync(string parent, TestCertificate? tls, CancellationToken stop)
    {
        var server = new MosquittoServer(parent, tls);
        try
        {
            await server.Process.UntilAsync(() => Loopback.AcceptsAsync(server.Mqtt), StartLimit, stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <c>mosquitto version 2.0.11</c>.</summary>
    public static async Task<string> VersionAsync(CancellationToken stop)
    {
        using var help = System.Diagnostics.Process.Start(
            new ProcessStartInfo(PeerPrograms.PathOf("mosquitto"), ["-h"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return await help.StandardOutput.ReadLineAsync(stop) ?? "mosquitto";
    }

    public async Task<long> TakenAsync(long expected, CancellationToken stop)
    {
        var counts = await SysTopics.ReadAsync(Mqtt, [Received, Dropped], Received, expected, stop);
        return counts.GetValueOrDefault(Received) - counts.GetValueOrDefault(Dropped);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _scratch.Dispose();
    }
}
