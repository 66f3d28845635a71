using System.Net;
using System.Security.Authentication;
using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Gateway.Kestrel;
using Millrace.Server.Cli;
using Millrace.Server.Listeners;
using Millrace.Tests.Server.Cli;

namespace Millrace.Tests.Server.Listeners;

public sealed class ListenerReaderTests
{
    [Fact]
    public async Task Everything_about_a_listener_can_be_said()
    {
        var listener = Assert.Single(await ReadAsync("""
            listeners:
              - name: fleet
                type: mqtts
                address: 0.0.0.0:8883
                auth: [certificate, password]
                compat: aws-iot
                tls: { certificate: a.pem, key: a.key, clientCertificate: optional, protocols: [1.3] }
                maxConnections: 10
                maxConnectRate: 20
                maxPublishRate: 30
                maxPublishBytes: 40KiB
                maxPacketSize: 128KiB
            """));
        Assert.Equal(ListenerType.Mqtts, listener.Type);
        Assert.Equal(new IPEndPoint(IPAddress.Any, 8883), listener.Address);
        Assert.Equal(("a.pem", "a.key", SslProtocols.Tls13), (listener.Tls.Certificate, listener.Tls.Key, listener.Tls.Protocols));
        Assert.Equal(ClientCertificates.Optional, listener.ClientCertificates);
        var options = listener.Options;
        Assert.Equal(("fleet", true, CredentialKinds.Certificate | CredentialKinds.Password), (options.Name, options.IsAwsIot, options.Credentials));
        Assert.Equal((10, 20, 30), (options.MaxConnections, options.MaxConnectRate, options.MaxPublishRate));
        Assert.Equal((ByteSize.KiB(40), ByteSize.KiB(128)), (options.MaxPublishBytes, options.MaxPacketSize));
    }

    [Theory]
    [InlineData("mqtt", CredentialKinds.Anonymous, ClientCertificates.None)]
    [InlineData("mqtts", CredentialKinds.Certificate, ClientCertificates.Required)]
    [InlineData("ws", CredentialKinds.Anonymous, ClientCertificates.None)]
    [InlineData("wss", CredentialKinds.Password | CredentialKinds.Token, ClientCertificates.None)]
    [InlineData("https", CredentialKinds.Certificate | CredentialKinds.Token, ClientCertificates.Optional)]
    public async Task A_listener_that_says_little_has_its_type_s_name_and_is_not_open_by_accident(string type, CredentialKinds auth, ClientCertificates asks)
    {
        var listener = Assert.Single(await ReadAsync($"listeners: [ {{ type: {type}, address: '127.0.0.1:7' }} ]"));
        Assert.Equal((type, auth, asks), (listener.Options.Name, listener.Options.Credentials, listener.ClientCertificates));
        Assert.False(listener.Options.IsAwsIot);
    }

    [Theory]
    [InlineData("type: mqtt, address: '0.0.0.0:1', auth: [anonymous]", "allowAnonymous: true")]
    [InlineData("type: mqtts, address: '0.0.0.0:1', auth: [anonymous]", "allowAnonymous: true")]
    [InlineData("type: mqtt, address: '192.168.0.1:1', auth: [password]", "insecure: true")]
    [InlineData("type: mqtt, address: '[::]:1', auth: [token]", "mqtts")]
    [InlineData("type: ws, address: '0.0.0.0:1', auth: [token]", "wss")]
    [InlineData("type: mqtt, address: '0.0.0.0:1', auth: [password], allowAnonymous: true", "insecure: true")]
    [InlineData("type: mqtt, address: '0.0.0.0:1', auth: [anonymous], insecure: true", "allowAnonymous: true")]
    [InlineData("type: mqtt, address: '0.0.0.0:1'", "auth: is missing")]
    [InlineData("type: mqtt, address: '127.0.0.1:1', auth: [certificate]", "needs TLS")]
    [InlineData("type: mqtt, address: '127.0.0.1:1', tls: { key: x }", "is for the types mqtts, wss and https")]
    [InlineData("type: mqtts, address: '127.0.0.1:1', tls: { key: x }", "tls.certificate: is missing")]
    [InlineData("type: mqtts, address: '127.0.0.1:1', tls: { certificate: x }", "tls.key: is missing")]
    [InlineData("type: mqtts, address: '127.0.0.1:1', tls: { clientCertificate: none }", "tls.clientCertificate: is none")]
    [InlineData("type: mqtts, address: '127.0.0.1:1', tls: { protocols: [1.1] }", "'1.1' is unknown; did you mean 1.2?")]
    [InlineData("type: mqtts, address: '127.0.0.1:1', tls: { protocols: [] }", "at least one of 1.2, 1.3")]
    [InlineData("type: https, address: '127.0.0.1:1', auth: [password]", "password is not for https")]
    [InlineData("type: https, address: '127.0.0.1:1', maxPublishRate: 1", "is for MQTT")]
    [InlineData("type: mqtt, address: '127.0.0.1:1', origins: [https://a.example]", "are for what browsers can reach")]
    [InlineData("type: wss, address: '127.0.0.1:1', origins: [a.example]", "must be as https://app.example.com")]
    [InlineData("type: wss, address: '127.0.0.1:1', origins: ['https://a.example/']", "must be as https://app.example.com")]
    [InlineData("type: mqtt, address: '127.0.0.1:1', auth: []", "at least one of anonymous")]
    [InlineData("type: mqtt, address: '127.0.0.1:1', auth: anonymous", "must be a list")]
    [InlineData("type: mqtt, address: '127.0.0.1:1', maxConnections: 0", "must be at least 1")]
    [InlineData("type: mqtt, address: '127.0.0.1:1', maxPacketSize: 1GB", "must be from 1KiB")]
    [InlineData("type: mqtt, address: '127.0.0.1:1', compat: aws", "it is one of aws-iot")]
    [InlineData("type: mqtt, address: '127.0.0.1:8080'", "is taken twice")]
    [InlineData("type: mqtt", "address: is missing")]
    [InlineData("address: '127.0.0.1:1'", "type: is missing")]
    [InlineData("type: mqtt, address: 'example.org:1'", "is no address")]
    [InlineData("type: mqqt, address: '127.0.0.1:1'", "did you mean mqtt?")]
    [InlineData("type: mqtt, address: '127.0.0.1:1', adress: x", "did you mean address?")]
    public async Task What_is_wrong_or_open_by_accident_is_refused_where_it_stands(string listener, string expected)
    {
        var error = await RefusedAsync($"listeners:\n  - {{ {listener} }}\n");
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.StartsWith("c.yaml:2:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_is_told_at_once_at_its_place()
    {
        var error = await RefusedAsync("""
            listeners:
              - { type: mqtt, address: "0.0.0.0:1883", auth: [anonymous] }
              - name: mqtt
                type: wss
                address: 0.0.0.0:1883
                auth: [password, pasword]
                tls: { certificat: a.pem }
              - plain
            """);
        Assert.Contains("c.yaml:2:50: listeners[0].auth: anonymous lets everybody in who reaches 0.0.0.0:1883", error, StringComparison.Ordinal);
        Assert.Contains("c.yaml:3:11: listeners[1].name: mqtt is the name of two listeners", error, StringComparison.Ordinal);
        Assert.Contains("c.yaml:5:14: listeners[1].address: 0.0.0.0:1883 is taken twice", error, StringComparison.Ordinal);
        Assert.Contains("c.yaml:6:22: listeners[1].auth[1]: 'pasword' is unknown; did you mean password?", error, StringComparison.Ordinal);
        Assert.Contains("c.yaml:7:12: listeners[1].tls.certificat: is unknown; did you mean certificate?", error, StringComparison.Ordinal);
        Assert.Contains("c.yaml:8:5: listeners[2]: must be a map", error, StringComparison.Ordinal);
        Assert.Contains("6 mistakes.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Said_in_words_it_may_be_open()
    {
        var listeners = await ReadAsync("""
            listeners:
              - { name: a, type: mqtt, address: "0.0.0.0:1883", auth: [anonymous], allowAnonymous: true }
              - { name: b, type: mqtt, address: "0.0.0.0:1884", auth: [password], insecure: true }
            """);
        Assert.Equal(2, listeners.Count);
    }

    [Fact]
    public async Task Options_and_declarations_add_up_and_the_default_gives_way_to_a_declaration()
    {
        Assert.Equal("127.0.0.1:1883", Assert.Single(ListenerList.Of(new())).Address.ToString());
        var shell = new Shell
        {
            Files = { ["c.yaml"] = "mqtts: 0.0.0.0:8883\nlisteners: [ { type: wss, address: '0.0.0.0:443' } ]" },
            Environment = { ["MILLRACE_WS"] = "[::1]:7" },
        };
        Assert.Equal(Exit.Ok, await shell.RunAsync("serve", "--config", "c.yaml", "--mqtt", "127.0.0.1:1,[::1]:1", "--tls-certificate", "x", "--tls-key", "y"));
        var all = ListenerList.Of(shell.Served!.Options);
        Assert.Equal(["mqtt", "mqtt-2", "mqtts", "ws", "wss"], all.Select(static one => one.Options.Name));
        Assert.Equal([null, null, "x", null, "x"], all.Select(static one => one.Tls.Certificate));
        Assert.Equal(ClientCertificates.Required, all[2].ClientCertificates);

        shell = new Shell { Files = { ["c.yaml"] = "listeners: [ { type: wss, address: '0.0.0.0:443' } ]" } };
        Assert.Equal(Exit.Ok, await shell.RunAsync("serve", "--config", "c.yaml"));
        Assert.Equal("wss", Assert.Single(ListenerList.Of(shell.Served!.Options)).Options.Name);
    }

    [Theory]
    [InlineData("--mqtt", "0.0.0.0:1883", "Use --mqtts")]
    [InlineData("--mqtt", "127.0.0.1:1883,192.168.0.4:1883", "under listeners in the configuration file")]
    [InlineData("--ws", "0.0.0.0:80", "Use --wss")]
    [InlineData("--tls-key", "k", "tlsCertificate")]
    [InlineData("--mqtts", "0.0.0.0", "must be ADDRESS:PORT")]
    [InlineData("--wss", "127.0.0.1:8080", "is taken twice")]
    public async Task An_option_that_would_open_the_door_says_what_to_do_instead(string option, string value, string expected)
    {
        var shell = new Shell();
        Assert.Equal(Exit.Invalid, await shell.RunAsync("serve", option, value));
        Assert.Contains(expected, shell.Error, StringComparison.Ordinal);
        Assert.Null(shell.Served);
    }

    [Theory]
    [InlineData("listeners: []")]
    [InlineData("listeners: 5")]
    [InlineData("listeners: { a: b }")]
    [InlineData("listeners: [[[[]]]]")]
    [InlineData("listeners: [null, ~, {}]")]
    [InlineData("listeners: [ { type: [mqtt], address: {}, auth: { a: 1 }, tls: [], maxConnections: -99999999999999, name: '' } ]")]
    public async Task Nonsense_is_refused_and_never_a_crash(string text) => Assert.NotEmpty(await RefusedAsync(text));

    private static async Task<IReadOnlyList<ListenerDeclaration>> ReadAsync(string yaml)
    {
        var shell = new Shell { Files = { ["c.yaml"] = yaml } };
        var code = await shell.RunAsync("serve", "--config", "c.yaml");
        Assert.True(code == Exit.Ok, shell.Error);
        return ListenerList.Of(shell.Served!.Options);
    }

    private static async Task<string> RefusedAsync(string yaml)
    {
        var shell = new Shell { Files = { ["c.yaml"] = yaml } };
        Assert.Equal(Exit.Invalid, await shell.RunAsync("serve", "--config", "c.yaml"));
        Assert.Null(shell.Served);
        return shell.Error;
    }
}
