using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Millrace.Gateway;
using Millrace.Gateway.Epoll;
using Millrace.Gateway.Kestrel;

namespace Millrace.Server.Listeners;

/// <summary>Puts every listener together: limits, TLS, and what answers behind them.</summary>
internal sealed class ListenerHost : IAsyncDisposable
{
    // AWS IoT's names, so that its devices need no other setting than the address.
    private static readonly SslApplicationProtocol AwsMqtt = new("x-amzn-mqtt-ca");
    private static readonly SslApplicationProtocol AwsHttp = new("x-amzn-http-ca");
    private static readonly SslApplicationProtocol Mqtt = new("mqtt");

    private readonly IReadOnlyList<ListenerDeclaration> _all;
    private readonly ConsoleEndPoint _console;
    private readonly Broker _broker;
    private readonly Dictionary<ListenerDeclaration, Func<SslStreamCertificateContext>> _certificates;
    private readonly Dictionary<ListenerDeclaration, EpollListener> _epoll;

    /// <param name="options">Checked.</param>
    /// <param name="broker">That devices come to.</param>
    /// <param name="certificates">What listeners show.</param>
    public ListenerHost(ServerOptions options, Broker broker, ServerCertificates certificates)
    {
        (_all, _console, _broker) = (ListenerList.Of(options), new ConsoleEndPoint(options.Http), broker);
        foreach (var one in _all) broker.Counters.Of(one.Options.Name);
        _certificates = _all.Where(static one => one.HasTls).ToDictionary(static one => one, certificates.Of);
        _epoll = _all.Where(one => options.UsesEpoll && one.Type == ListenerType.Mqtt)
            .ToDictionary(static one => one, one => new EpollListener(broker, one.Options, one.Address));
    }

    public void Listen(KestrelServerOptions kestrel)
    {
        foreach (var listener in OnKestrel) kestrel.Listen(listener.Address, listen => Configure(listen, listener));
        kestrel.Listen(_console, static listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            Mark(listen, ListenerMark.Console);
        });
    }

    /// <param name="urls">As Kestrel tells them: in the order in which they were asked for.</param>
    public (IReadOnlyList<BoundListener> Devices, IPEndPoint Console) Bound(IEnumerable<string> urls)
    {
        var ports = urls.Select(static url => new Uri(url).Port).ToArray();
        var onKestrel = OnKestrel.Zip(ports).ToDictionary(static pair => pair.First, static pair => pair.Second);
        int PortOf(ListenerDeclaration one) => _epoll.TryGetValue(one, out var epoll) ? epoll.EndPoint.Port : onKestrel[one];
        return (
            [.. _all.Select(one => new BoundListener(one, new IPEndPoint(one.Address.Address, PortOf(one))))],
            new IPEndPoint(_console.Address, ports[^1]));
    }

    /// <summary>Opens what Kestrel does not.</summary>
    /// <exception cref="IOException">An address is in use, or not this machine's.</exception>
    public void Start()
    {
        foreach (var listener in _epoll.Values) listener.Start();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _epoll.Values) await listener.DisposeAsync();
    }

    private IEnumerable<ListenerDeclaration> OnKestrel => _all.Where(one => !_epoll.ContainsKey(one));

    private void Configure(ListenOptions listen, ListenerDeclaration listener)
    {
        listen.Protocols = HttpProtocols.Http1;
        var options = listener.Options;
        if (options.MaxConnections is not null || options.MaxConnectRate is not null) listen.Use(new AcceptGate(options, _broker).Before);
        if (listener.HasTls) listen.UseTls(TlsOf(listener), options, _broker);

        var mqtt = new MqttConnectionHandler(_broker, options);
        switch (listener.Type)
        {
            case ListenerType.Mqtt:
                listen.Run(mqtt.OnConnectedAsync);
                break;
            case ListenerType.Mqtts:
                listen.Use(next => connection => SpeaksHttp(connection) ? next(connection) : mqtt.OnConnectedAsync(connection));
                Mark(listen, new ListenerMark(DeviceRoutes.Publish(listener, _broker)));
                break;
            case ListenerType.Https:
                Mark(listen, new ListenerMark(DeviceRoutes.Publish(listener, _broker)));
                break;
            default:
                Mark(listen, new ListenerMark(DeviceRoutes.WebSocket(listener, _broker)));
                break;
        }
    }

    private TlsOptions TlsOf(ListenerDeclaration listener) => new()
    {
        Certificate = _certificates[listener],
        ClientCertificates = listener.ClientCertificates,
        Protocols = listener.Tls.Protocols,
        ApplicationProtocols = listener.Type switch
        {
            ListenerType.Mqtts => [AwsMqtt, Mqtt, AwsHttp, SslApplicationProtocol.Http11],
            ListenerType.Https => [AwsHttp, SslApplicationProtocol.Http11],
            _ => [SslApplicationProtocol.Http11],
        },
    };

    private static bool SpeaksHttp(ConnectionContext connection)
    {
        var chosen = connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol ?? default;
        return chosen.Span.SequenceEqual(AwsHttp.Protocol.Span) || chosen.Span.SequenceEqual(SslApplicationProtocol.Http11.Protocol.Span);
    }

    private static void Mark(ListenOptions listen, ListenerMark mark) => listen.Use(next => connection =>
    {
        connection.Features.Set(mark);
        return next(connection);
    });
}
