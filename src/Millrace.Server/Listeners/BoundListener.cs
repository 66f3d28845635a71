using System.Net;
using Millrace.Contracts.Devices;

namespace Millrace.Server.Listeners;

/// <summary>A listener that listens.</summary>
/// <param name="Declared">As it was asked for.</param>
/// <param name="Address">With the port that it really got.</param>
public sealed record BoundListener(ListenerDeclaration Declared, IPEndPoint Address)
{
    /// <summary>Simulated devices of this machine can use it: they bring nothing but their name.</summary>
    public bool TakesAnybody => Declared.Type == ListenerType.Mqtt && Declared.Options.Credentials.HasFlag(CredentialKinds.Anonymous);

    /// <summary>For a client on this machine.</summary>
    public IPEndPoint Local =>
        Address.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, Address.Port)
        : Address.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, Address.Port)
        : Address;

    /// <summary>As a client is told: <c>mqtts://127.0.0.1:8883</c>.</summary>
    public string Url => $"{Declared.Type.ToString().ToLowerInvariant()}://{Address}{Path}";

    private string Path => Declared.Type switch
    {
        ListenerType.Ws or ListenerType.Wss => "/mqtt",
        ListenerType.Https => "/topics/",
        _ => "",
    };
}
