using Millrace.Mqtt;

namespace Millrace.SystemTests.Interop;

/// <summary>Clients that break the rules: told why in MQTT 5, closed in 3.1.1, and a well-behaved neighbour notices nothing.</summary>
public abstract class MisbehavingTests(Street street)
{
    // CONNECT with a clean session, keep-alive 60, no client id.
    private const string Connect5 = "10 0D 0004 4D515454 05 02 003C 00 0000";
    private const string Connect311 = "10 0C 0004 4D515454 04 02 003C 0000";

    private static readonly string[] LetPassByMosquitto =
    [
        "PUBLISH with DUP and QoS 0", "PUBACK with flags", "PINGREQ with a body", "PINGREQ with flags", "SUBACK from a client", "UNSUBACK from a client",
        "PINGRESP from a client", "a payload format that does not exist", "MQTT 3.1",
    ];

    /// <summary>What comes after a good CONNECT, and the reason. In 3.1.1 the same bytes, without the properties, close the connection.</summary>
    public static TheoryData<string, string, string, ReasonCode> Packets { get; } = new()
    {
        { "a second CONNECT", Connect5, Connect311, ReasonCode.ProtocolError },
        { "packet type 0", "00 00", "00 00", ReasonCode.MalformedPacket },
        { "a length of five bytes", "30 FF FF FF FF 7F", "30 FF FF FF FF 7F", ReasonCode.MalformedPacket },
        { "a packet larger than allowed", "30 FF FF FF 7F", "30 FF FF FF 7F", ReasonCode.PacketTooLarge },
        { "PUBLISH with QoS 3", "36 07 0001 61 0001 00 78", "36 06 0001 61 0001 78", ReasonCode.MalformedPacket },
        { "PUBLISH with DUP and QoS 0", "38 05 0001 61 00 78", "38 04 0001 61 78", ReasonCode.MalformedPacket },
        { "PUBLISH with packet id 0", "32 07 0001 61 0000 00 78", "32 06 0001 61 0000 78", ReasonCode.MalformedPacket },
        { "PUBLISH to a/+", "30 07 0003 612F2B 00 78", "30 06 0003 612F2B 78", ReasonCode.TopicNameInvalid },
        { "PUBLISH to #", "32 07 0001 23 0001 00 78", "32 06 0001 23 0001 78", ReasonCode.TopicNameInvalid },
        { "PUBLISH without a topic", "30 04 0000 00 78", "30 03 0000 78", ReasonCode.ProtocolError },
        { "PUBLISH to U+0000", "30 05 0001 00 00 78", "30 04 0001 00 78", ReasonCode.MalformedPacket },
        { "PUBLISH to a topic cut in a character", "30 05 0001 C3 00 78", "30 04 0001 C3 78", ReasonCode.MalformedPacket },
        { "PUBLISH to a surrogate", "30 07 0003 EDA080 00 78", "30 06 0003 EDA080 78", ReasonCode.MalformedPacket },
        { "PUBLISH to an overlong slash", "30 06 0002 C0AF 00 78", "30 05 0002 C0AF 78", ReasonCode.MalformedPacket },
        { "PUBLISH shorter than its topic", "30 03 0009 61", "30 03 0009 61", ReasonCode.MalformedPacket },
        { "PUBACK without an id", "40 00", "40 00", ReasonCode.MalformedPacket },
        { "PUBACK of id 0", "40 02 0000", "40 02 0000", ReasonCode.MalformedPacket },
        { "PUBACK with flags", "42 02 0001", "42 02 0001", ReasonCode.MalformedPacket },
        { "PUBREL without its flags", "60 02 0001", "60 02 0001", ReasonCode.MalformedPacket },
        { "SUBSCRIBE without its flags", "80 07 0001 00 0001 61 00", "80 06 0001 0001 61 00", ReasonCode.MalformedPacket },
        { "SUBSCRIBE without a filter", "82 03 0001 00", "82 02 0001", ReasonCode.ProtocolError },
        { "SUBSCRIBE with packet id 0", "82 07 0000 00 0001 61 00", "82 06 0000 0001 61 00", ReasonCode.MalformedPacket },
        { "SUBSCRIBE with reserved options", "82 07 0001 00 0001 61 C0", "82 06 0001 0001 61 C0", ReasonCode.MalformedPacket },
        { "SUBSCRIBE with QoS 3", "82 07 0001 00 0001 61 03", "82 06 0001 0001 61 03", ReasonCode.ProtocolError },
        { "SUBSCRIBE to what is not UTF-8", "82 07 0001 00 0001 FF 00", "82 06 0001 0001 FF 00", ReasonCode.MalformedPacket },
        { "SUBSCRIBE without options", "82 06 0001 00 0001 61", "82 05 0001 0001 61", ReasonCode.MalformedPacket },
        { "UNSUBSCRIBE without a filter", "A2 03 0001 00", "A2 02 0001", ReasonCode.ProtocolError },
        { "UNSUBSCRIBE without its flags", "A0 06 0001 00 0001 61", "A0 05 0001 0001 61", ReasonCode.MalformedPacket },
        { "PINGREQ with a body", "C0 01 00", "C0 01 00", ReasonCode.MalformedPacket },
        { "PINGREQ with flags", "C1 00", "C1 00", ReasonCode.MalformedPacket },
        { "DISCONNECT with flags", "E1 00", "E1 00", ReasonCode.MalformedPacket },
        { "CONNACK from a client", "20 03 00 00 00", "20 02 00 00", ReasonCode.ProtocolError },
        { "SUBACK from a client", "90 04 0001 00 00", "90 03 0001 00", ReasonCode.ProtocolError },
        { "UNSUBACK from a client", "B0 04 0001 00 00", "B0 02 0001", ReasonCode.ProtocolError },
        { "PINGRESP from a client", "D0 00", "D0 00", ReasonCode.ProtocolError },
    };

    /// <summary>The same, of what only MQTT 5 has.</summary>
    public static TheoryData<string, string, ReasonCode> PacketsOfFive { get; } = new()
    {
        { "a property that does not exist", "30 06 0001 61 02 7F 00", ReasonCode.MalformedPacket },
        { "a property of another packet", "30 09 0001 61 05 11 00000001", ReasonCode.MalformedPacket },
        { "a property twice", "30 08 0001 61 04 0101 0101", ReasonCode.ProtocolError },
        { "a payload format that does not exist", "30 06 0001 61 02 01 02", ReasonCode.ProtocolError },
        { "properties longer than the packet", "30 05 0001 61 7F 01", ReasonCode.MalformedPacket },
        { "a user property that is not UTF-8", "30 0B 0001 61 07 26 0001 FF 0001 61", ReasonCode.MalformedPacket },
        { "SUBSCRIBE with retain handling 3", "82 07 0001 00 0001 61 30", ReasonCode.ProtocolError },
        { "DISCONNECT with a reason that is none", "E0 02 7F 00", ReasonCode.MalformedPacket },
        { "an alias that was never set", "30 06 0000 03 23 0001", ReasonCode.ProtocolError },
    };

    /// <summary>A CONNECT that is not one, and the code of its CONNACK; -1 where none is due.</summary>
    public static TheoryData<string, string, int> Connects { get; } = new()
    {
        { "level 6", "10 0D 0004 4D515454 06 02 003C 00 0000", 0x84 },
        { "level 255", "10 0D 0004 4D515454 FF 02 003C 00 0000", 0x84 },
        { "MQTT 3.1", "10 0F 0006 4D5149736470 03 02 003C 0001 61", 0x01 },
        { "level 3 by the name of MQTT", "10 0C 0004 4D515454 03 02 003C 0000", 0x01 },
        { "MQTT 5 with the reserved flag", "10 0D 0004 4D515454 05 03 003C 00 0000", 0x81 },
        { "3.1.1 with the reserved flag", "10 0C 0004 4D515454 04 03 003C 0000", -1 },
        { "MQTT 5 with a will of QoS 3", "10 13 0004 4D515454 05 1E 003C 00 0000 00 0001 61 0000", 0x81 },
        { "MQTT 5 with the QoS of a will that is not there", "10 0D 0004 4D515454 05 0A 003C 00 0000", 0x81 },
        { "MQTT 5 with a will to a/#", "10 15 0004 4D515454 05 06 003C 00 0000 00 0003 612F23 0000", 0x90 },
        { "MQTT 5 with a client id that is not UTF-8", "10 0F 0004 4D515454 05 02 003C 00 0002 C328", 0x81 },
        { "3.1.1 with a client id that is not UTF-8", "10 0E 0004 4D515454 04 02 003C 0002 C328", -1 },
        { "MQTT 5 with bytes behind it", "10 0E 0004 4D515454 05 02 003C 00 0000 00", 0x81 },
        { "MQTT 5 with a property twice", "10 13 0004 4D515454 05 02 003C 06 210001 210001 0000", 0x82 },
        { "3.1.1 with a password and no user", "10 0F 0004 4D515454 04 42 003C 0000 0001 61", -1 },
        { "PUBLISH", "30 03 0001 61", -1 },
        { "SUBSCRIBE", "82 06 0001 0001 61 00", -1 },
        { "PINGREQ", "C0 00", -1 },
        { "DISCONNECT", "E0 00", -1 },
        { "AUTH", "F0 00", -1 },
        { "a packet larger than a CONNECT may be", "10 FF FF FF 7F", -1 },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public async Task A_rule_broken_after_connect_ends_that_connection_alone(string what, string five, string threeOneOne, ReasonCode reason)
    {
        SkipWhatMosquittoLetsPass(what);
        await AssertEndedAsync(what, Connect5, five, reason);
        await AssertEndedAsync(what, Connect311, threeOneOne, reason: null);
        await street.Neighbour.AssertUndisturbedAsync();
    }

    [Theory]
    [MemberData(nameof(PacketsOfFive))]
    public async Task A_rule_of_mqtt_5_broken_ends_that_connection_alone(string what, string bytes, ReasonCode reason)
    {
        SkipWhatMosquittoLetsPass(what);
        await AssertEndedAsync(what, Connect5, bytes, reason);
        await street.Neighbour.AssertUndisturbedAsync();
    }

    [Theory]
    [MemberData(nameof(Connects))]
    public async Task What_is_no_connect_is_answered_in_its_own_version_or_not_at_all(string what, string bytes, int code)
    {
        SkipWhatMosquittoLetsPass(what);
        using var socket = await PacketSocket.ConnectAsync(street.Broker.Port);
        using var patience = Seconds(10);
        await socket.SendAsync(Bytes(bytes));
        var answer = await socket.ReadAsync(patience.Token);
        if (!BrokerUnderTest.IsMosquitto) Assert.True(code == (answer is null ? -1 : answer.Code), $"{what} is answered with {answer}");
        if (answer is not null)
        {
            Assert.Equal(PacketType.ConnAck, answer.Type);
            Assert.True(BrokerUnderTest.IsMosquitto || (code < 0x80 ? answer.Body.Length == 2 : answer.Body.Length >= 3), $"{what} is answered with {answer}");
            Assert.Null(await socket.ReadAsync(patience.Token));
        }

        await street.Neighbour.AssertUndisturbedAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    public async Task A_connection_without_a_whole_connect_is_closed_in_time(int bytesOfConnect)
    {
        Assert.SkipWhen(BrokerUnderTest.IsMosquitto, "mosquitto waits for ever.");
        using var socket = await PacketSocket.ConnectAsync(street.Broker.Port);
        using var patience = Seconds(20);
        var reading = socket.ReadAsync(patience.Token);
        try
        {
            // One byte a second: that something comes does not buy more time.
            foreach (var one in Bytes(Connect5).Take(bytesOfConnect))
            {
                await socket.SendAsync(new[] { one });
                await Task.WhenAny(reading, Task.Delay(900));
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Closed while the bytes trickled.
        }

        var answer = await reading;
        Assert.True(answer is null || answer.Type == PacketType.Disconnect, $"{answer}");
        await street.Neighbour.AssertUndisturbedAsync();
    }

    [Fact]
    public async Task Bytes_that_never_become_a_packet_do_not_keep_a_client_alive()
    {
        Assert.SkipWhen(BrokerUnderTest.IsMosquitto, "mosquitto looks only every few seconds.");
        using var socket = await PacketSocket.ConnectAsync(street.Broker.Port);
        using var patience = Seconds(15);
        await socket.SendAsync(Bytes("10 0D 0004 4D515454 05 02 0001 00 0000")); // keep-alive 1
        Assert.Equal(0, (await socket.ReadAsync(patience.Token))!.Code);
        var reading = socket.ReadAsync(patience.Token);
        await socket.SendAsync(Bytes("30 FF 01 0001 61 00"));
        while (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, Task.Delay(200));
            if (!reading.IsCompleted) await socket.SendAsync("x"u8.ToArray());
        }

        Assert.Equal((byte)ReasonCode.KeepAliveTimeout, (await reading)!.Code);
        await street.Neighbour.AssertUndisturbedAsync();
    }

    [Fact]
    public async Task A_client_that_closes_its_half_has_its_will_published_and_is_closed()
    {
        await using var heir = await MosquittoSub.StartAsync(street.Broker, "-t", "half/open", "-q", "1");
        using var socket = await PacketSocket.ConnectAsync(street.Broker.Port);
        using var patience = Seconds(10);
        await socket.SendAsync(Bytes("10 1C 0004 4D515454 04 0E 003C 0000 0009 68616C662F6F70656E 0003 627965"));
        Assert.Equal(0, (await socket.ReadAsync(patience.Token))!.Code);
        socket.EndSending();
        Assert.Null(await socket.ReadAsync(patience.Token));
        Assert.Equal("half/open 1 0 bye", await heir.NextAsync());
        await street.Neighbour.AssertUndisturbedAsync();
    }

    [Fact]
    public async Task Random_bytes_of_a_hundred_clients_disturb_nobody()
    {
        var random = new Random(20);
        for (var i = 0; i < 100; i++)
        {
            using var socket = await PacketSocket.ConnectAsync(street.Broker.Port);
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            await socket.SendAsync(i % 2 == 0 ? bytes : [.. Bytes(Connect5), .. bytes]);
        }

        await street.Neighbour.AssertUndisturbedAsync();
    }

    /// <summary>A good CONNECT, then these bytes: the connection ends, in MQTT 5 with the reason and in 3.1.1 without a word.</summary>
    private async Task AssertEndedAsync(string what, string connect, string bytes, ReasonCode? reason)
    {
        using var socket = await PacketSocket.ConnectAsync(street.Broker.Port);
        using var patience = Seconds(10);
        await socket.SendAsync(Bytes(connect));
        var connAck = await socket.ReadAsync(patience.Token);
        Assert.Equal((PacketType.ConnAck, (byte)0), (connAck!.Type, connAck.Code));
        await socket.SendAsync(Bytes(bytes));
        var answer = await socket.ReadAsync(patience.Token);

        // What mosquitto says first, if anything, is its own.
        if (BrokerUnderTest.IsMosquitto) reason = answer is null ? null : (ReasonCode)answer.Code;
        if (reason is { } expected)
        {
            Assert.True(answer?.Type == PacketType.Disconnect, $"{what} is answered with {answer}, not {expected}");
            Assert.True((byte)expected == answer!.Code, $"{what} has the reason {(ReasonCode)answer.Code}, not {expected}");
            answer = await socket.ReadAsync(patience.Token);
        }

        Assert.True(answer is null, $"{what} is answered with {answer}");
    }

    private static void SkipWhatMosquittoLetsPass(string what) =>
        Assert.SkipWhen(BrokerUnderTest.IsMosquitto && LetPassByMosquitto.Contains(what), "mosquitto lets it pass.");

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static CancellationTokenSource Seconds(int seconds) => new(TimeSpan.FromSeconds(seconds));

    public sealed class OverEpoll(OverEpoll.Quiet street) : MisbehavingTests(street), IClassFixture<OverEpoll.Quiet>
    {
        public sealed class Quiet() : Street(new BrokerUnderTest());
    }

    public sealed class OverKestrel(OverKestrel.Quiet street) : MisbehavingTests(street), IClassFixture<OverKestrel.Quiet>
    {
        public sealed class Quiet() : Street(new KestrelBroker());
    }
}
