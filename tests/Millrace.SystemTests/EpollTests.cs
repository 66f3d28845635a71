using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Millrace.Mqtt.Client;

namespace Millrace.SystemTests;

/// <summary>What the epoll transport must bear on a socket: pieces, floods, silence, resets and storms.</summary>
public sealed class EpollTests(EpollTests.OnEpoll one) : IClassFixture<EpollTests.OnEpoll>
{
    private MillraceProcess Server => one.Server;

    [Fact]
    public async Task Packets_that_arrive_byte_by_byte_are_packets()
    {
        using var device = await RawDevice.OpenAsync(Server.MqttPort);
        byte[] bytes = [.. RawDevice.Connect("dribbles"), .. RawDevice.Publish("a/b", new byte[100], 7), .. RawDevice.Ping()];
        foreach (var one in bytes) await device.SendAsync(new[] { one });
        Assert.Equal("20020000", Convert.ToHexString(await device.ReadAsync(4)));
        Assert.Equal(["40020007", "D000"], (await AnswersAsync(device, 6, 4)).Order());
    }

    [Fact]
    public async Task A_packet_of_200_KB_arrives_whole_in_whatever_pieces_it_comes()
    {
        await using var subscriber = await MqttClient.ConnectAsync("127.0.0.1", Server.MqttPort, new MqttClientOptions());
        await subscriber.SubscribeAsync("large/#");
        using var device = await RawDevice.ConnectAsync(Server.MqttPort, "pieces");
        var random = new Random(1);
        for (ushort id = 1; id <= 8; id++)
        {
            var payload = new byte[200_000];
            random.NextBytes(payload);
            var packet = RawDevice.Publish("large/x", payload, id);
            for (var at = 0; at < packet.Length;)
            {
                var piece = Math.Min(random.Next(1, 60_000), packet.Length - at);
                await device.SendAsync(packet.AsMemory(at, piece));
                at += piece;
                if (random.Next(3) == 0) await Task.Delay(1);
            }

            Assert.Equal(RawDevice.PubAck(id), await device.ReadAsync(4));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            Assert.Equal(payload, (await subscriber.Messages.ReadAsync(patience.Token)).Payload.ToArray());
        }
    }

    [Fact]
    public async Task Thousands_of_packets_in_one_go_are_all_acknowledged_in_order()
    {
        const int Count = 20_000;
        using var device = await RawDevice.ConnectAsync(Server.MqttPort, "pipelines");
        var all = new MemoryStream();
        for (var id = 1; id <= Count; id++) all.Write(RawDevice.Publish("pipelined", new byte[id % 300], (ushort)id));
        var sending = device.SendAsync(all.ToArray());
        var answers = await device.ReadAsync(Count * 4);
        await sending;
        for (var id = 1; id <= Count; id++) Assert.Equal(RawDevice.PubAck((ushort)id), answers[((id - 1) * 4)..(id * 4)]);
    }

    [Fact]
    public async Task What_was_sent_before_the_client_stopped_sending_is_taken()
    {
        await using var subscriber = await MqttClient.ConnectAsync("127.0.0.1", Server.MqttPort, new MqttClientOptions());
        await subscriber.SubscribeAsync("last/#");
        using var device = await RawDevice.OpenAsync(Server.MqttPort);
        byte[] bytes = [.. RawDevice.Connect("leaves"), .. RawDevice.Publish("last/words", "bye"u8.ToArray(), 0)];
        await device.SendAsync(bytes);
        device.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("20020000", Convert.ToHexString(await device.ReadAsync(100)));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal("bye", Encoding.UTF8.GetString((await subscriber.Messages.ReadAsync(patience.Token)).Payload.Span));
    }

    [Fact]
    public async Task A_refusal_is_read_though_more_was_sent_behind_what_was_refused()
    {
        using var device = await RawDevice.ConnectAsync(Server.MqttPort, "floods");
        var flood = new byte[500_000];
        flood.AsSpan().Fill(0xFF);
        await device.SendAsync(RawDevice.Publish("before/the/flood", new byte[10], 1));
        Assert.Equal(RawDevice.PubAck(1), await device.ReadAsync(4));
        try
        {
            await device.SendAsync(flood);
        }
        catch (SocketException)
        {
            // Thrown away is what follows the first wrong byte, for a while; then the connection is cut.
        }

        Assert.Empty(await device.ReadAsync(1));
    }

    [Fact]
    public async Task A_client_that_never_reads_its_answers_is_no_longer_read_from()
    {
        using var device = await RawDevice.ConnectAsync(Server.MqttPort, "deaf", receiveBuffer: 4096);
        var before = Resident();
        var pings = Enumerable.Repeat(RawDevice.Ping(), 32 * 1024).SelectMany(static b => b).ToArray();
        var sent = 0L;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            while (sent < 256_000_000) sent += await device.Socket.SendAsync(pings, SocketFlags.None, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The socket takes no more: the server has stopped reading.
        }

        Assert.True(sent < 128_000_000, $"{sent} bytes of pings were taken, and none of the answers read");
        Assert.True(Resident() - before < 40_000, $"{before} kB before, {Resident()} kB after");
        await StillServesAsync();

        // And when it reads, all go on.
        var ended = false;
        var reading = Task.Run(async () =>
        {
            var buffer = new byte[65536];
            while (!Volatile.Read(ref ended) && await device.Socket.ReceiveAsync(buffer) > 0)
            {
            }
        });
        await device.SendAsync(pings.AsMemory((int)(sent % pings.Length)));
        await device.SendAsync(pings);
        Volatile.Write(ref ended, true);
        await device.SendAsync(RawDevice.Ping());
        await reading.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Ten_thousand_connections_that_come_and_go_leave_nothing_behind()
    {
        await StillServesAsync();
        var before = Descriptors();
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            using var device = await RawDevice.OpenAsync(Server.MqttPort);
            switch (i % 5)
            {
                case 0:
                    break;
                case 1:
                    await device.SendAsync(RawDevice.Connect($"storm-{i}"));
                    break;
                case 2:
                    await device.SendAsync(RawDevice.Connect($"storm-{i}"));
                    await device.ReadAsync(4);
                    break;
                case 3:
                    await device.SendAsync(RawDevice.Connect($"storm-{i}").AsMemory(0, 5));
                    device.Reset();
                    break;
                default:
                    await device.SendAsync(RawDevice.Connect($"storm-{i}"));
                    device.Reset();
                    break;
            }
        });
        await Eventually.AsyncTrue(
            () => Task.FromResult(Descriptors() <= before + 5), TimeSpan.FromSeconds(20), () => $"{before} descriptors before, {Descriptors()} after");
        await StillServesAsync();
    }

    [Fact]
    public async Task Connections_that_reset_while_their_messages_are_committed_hurt_nobody()
    {
        await using var other = await MqttClient.ConnectAsync("127.0.0.1", Server.MqttPort, new MqttClientOptions());
        for (var round = 0; round < 5; round++)
        {
            var devices = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => RawDevice.ConnectAsync(Server.MqttPort, $"reset-{round}-{i}")));
            var burst = Enumerable.Range(1, 200).SelectMany(static id => RawDevice.Publish("reset/me", new byte[50], (ushort)id)).ToArray();
            await Task.WhenAll(devices.Select(d => d.SendAsync(burst)));
            for (var i = 0; i < devices.Length; i++)
            {
                if (i % 2 == 0) devices[i].Reset();
                else devices[i].Dispose();
            }

            await other.PublishAsync("still/here", "1"u8.ToArray());
        }

        await Eventually.Equal(0, async () => await ConnectionsAsync() - 1);
    }

    [Fact]
    public async Task Without_a_free_descriptor_it_says_so_keeps_those_it_has_and_goes_on_later()
    {
        await using var server = await MillraceProcess.StartAsync(null, null, "--mqtt-transport", "epoll");
        await using var early = await MqttClient.ConnectAsync("127.0.0.1", server.MqttPort, new MqttClientOptions());
        var open = Directory.GetFiles($"/proc/{server.ProcessId}/fd").Length;
        var limit = await Commands.RunAsync("prlimit", ["--pid", $"{server.ProcessId}", $"--nofile={open + 100}:"]);
        Assert.Equal(0, limit.Code);

        var devices = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => RawDevice.OpenAsync(server.MqttPort)));
        await Eventually.AsyncTrue(
            () => Task.FromResult(server.Output.Contains("takes no connections for the moment", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(20),
            () => server.Output);
        var before = ProcessorSeconds(server.ProcessId);
        await Task.Delay(2000);
        Assert.True(ProcessorSeconds(server.ProcessId) - before < 1, "it spins");

        foreach (var device in devices) device.Dispose();
        await early.PublishAsync("still/here", "1"u8.ToArray());
        await using var late = await MqttClient.ConnectAsync("127.0.0.1", server.MqttPort, new MqttClientOptions { Timeout = TimeSpan.FromSeconds(20) });
        await late.PublishAsync("here/again", "1"u8.ToArray());
    }

    [Fact]
    public async Task More_connections_in_a_second_than_the_listener_takes_wait_for_their_turn()
    {
        var directory = Scratch.Directory();
        try
        {
            Directory.CreateDirectory(directory);
            var config = Path.Combine(directory, "config.yaml");
            var port = MillraceProcess.FreePort();
            await File.WriteAllTextAsync(config, $$"""listeners: [{ name: slow, type: mqtt, address: "127.0.0.1:{{port}}", maxConnectRate: 5 }]""");
            await using var server = await MillraceProcess.StartAsync(null, null, "--config", config, "--mqtt-transport", "epoll");
            var watch = Stopwatch.StartNew();
            var devices = await Task.WhenAll(Enumerable.Range(0, 15).Select(i => RawDevice.ConnectAsync(port, $"slow-{i}")));
            foreach (var device in devices) device.Dispose();
            Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(15));
        }
        finally
        {
            Scratch.Delete(directory);
        }
    }

    [Fact]
    public async Task At_the_end_clients_are_told_and_deaf_ones_do_not_keep_it_waiting()
    {
        await using var server = await MillraceProcess.StartAsync(null, null, "--mqtt-transport", "epoll");
        await using var told = await MqttClient.ConnectAsync("127.0.0.1", server.MqttPort, new MqttClientOptions());
        using var silent = await RawDevice.ConnectAsync(server.MqttPort, "silent", receiveBuffer: 4096);
        Assert.Equal(0, await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        await told.Closed.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(Mqtt.ReasonCode.ServerShuttingDown, told.WhyClosed?.Reason);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var ran = await Server.CliAsync("serve", "--data", Path.Combine(Server.Data, "other"), "--mqtt", $"{taken.LocalEndpoint}", "--http", "127.0.0.1:0");
        Assert.NotEqual(0, ran.Code);
        Assert.Contains($"{taken.LocalEndpoint}", ran.Error, StringComparison.Ordinal);
    }

    private static async Task<string[]> AnswersAsync(RawDevice device, int bytes, int first)
    {
        var answers = await device.ReadAsync(bytes);
        if (answers[0] == 0xD0) first = bytes - first;
        return [Convert.ToHexString(answers[..first]), Convert.ToHexString(answers[first..])];
    }

    private static double ProcessorSeconds(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Split(' ');
        return (long.Parse(fields[12], CultureInfo.InvariantCulture) + long.Parse(fields[13], CultureInfo.InvariantCulture)) / 100.0;
    }

    private int Descriptors() => Directory.GetFiles($"/proc/{Server.ProcessId}/fd").Length;

    private long Resident() => long.Parse(
        File.ReadLines($"/proc/{Server.ProcessId}/status").Single(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private async Task<int> ConnectionsAsync()
    {
        var metrics = await Server.Http.GetStringAsync("metrics");
        var line = metrics.Split('\n').Single(static l => l.StartsWith("millrace_gateway_connections ", StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private async Task StillServesAsync()
    {
        await using var client = await MqttClient.ConnectAsync("127.0.0.1", Server.MqttPort, new MqttClientOptions());
        await client.PublishAsync("still/here", "1"u8.ToArray());
        await client.DisconnectAsync();
    }

    public sealed class OnEpoll : IAsyncLifetime
    {
        public MillraceProcess Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await MillraceProcess.StartAsync(null, null, "--mqtt-transport", "epoll");

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
