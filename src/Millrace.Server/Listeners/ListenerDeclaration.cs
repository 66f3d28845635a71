using System.Net;
using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Flows.Options;
using Millrace.Gateway;
using Millrace.Gateway.Kestrel;

namespace Millrace.Server.Listeners;

/// <summary>One place where devices come in, as it was declared.</summary>
public sealed record ListenerDeclaration
{
    /// <summary>Where a person declared it: <c>listeners[2]</c>, or the name of an option.</summary>
    public required string Place { get; init; }

    public required ListenerType Type { get; init; }

    /// <summary>Port 0 takes a free one.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Its name, whom it lets in, and its limits.</summary>
    public ListenerOptions Options { get; init; } = new();

    /// <summary>For the types with TLS.</summary>
    public TlsDeclaration Tls { get; init; } = new();

    /// <summary>Said by somebody who knows that other machines reach this address.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>Said by somebody who knows that passwords pass over this network unencrypted.</summary>
    public bool Insecure { get; init; }

    /// <summary>Web pages that may use this listener from a browser, as <c>https://app.example.com</c>; those of this machine always may.</summary>
    public ValueList<string> Origins { get; init; } = [];

    public bool HasTls => Type is ListenerType.Mqtts or ListenerType.Wss or ListenerType.Https;

    public ClientCertificates ClientCertificates => Tls.ClientCertificates
        ?? (Options.Credentials == CredentialKinds.Certificate ? ClientCertificates.Required
            : Options.Credentials.HasFlag(CredentialKinds.Certificate) ? ClientCertificates.Optional
            : ClientCertificates.None);

    /// <summary>Whom a listener lets in that does not say; null where it must say.</summary>
    public static CredentialKinds? CredentialsOf(ListenerType type, IPAddress address) => type switch
    {
        ListenerType.Mqtts => CredentialKinds.Certificate,
        ListenerType.Wss => CredentialKinds.Password | CredentialKinds.Token,
        ListenerType.Https => CredentialKinds.Certificate | CredentialKinds.Token,
        _ => IPAddress.IsLoopback(address) ? CredentialKinds.Anonymous : null,
    };

    /// <summary>Every mistake at once. Names are as below a listener in the configuration.</summary>
    public IEnumerable<Problem> Check()
    {
        foreach (var problem in Options.Check()) yield return problem;
        foreach (var problem in CheckCredentials()) yield return problem;
        foreach (var origin in Origins)
            if (!IsOrigin(origin)) yield return new("origins", $"must be as https://app.example.com, not '{origin}'");
        if (Origins.Count > 0 && Type == ListenerType.Mqtt) yield return new("origins", "are for what browsers can reach: the types ws, wss, https and mqtts");
        if (Type == ListenerType.Https)
        {
            // Each request is a message of somebody; there is no session whose rate could be told.
            if (Options.MaxPublishRate is not null) yield return new("maxPublishRate", "is for MQTT; https has maxConnectRate and maxConnections");
            if (Options.MaxPublishBytes is not null) yield return new("maxPublishBytes", "is for MQTT; https has maxConnectRate and maxConnections");
        }

        if (HasTls)
            foreach (var problem in Tls.Check()) yield return problem with { Where = $"tls.{problem.Where}" };
        else if (Tls != new TlsDeclaration()) yield return new("tls", $"is for the types mqtts, wss and https; this listener is of type {TypeName}");
    }

    private string TypeName => Type.ToString().ToLowerInvariant();

    private IEnumerable<Problem> CheckCredentials()
    {
        var taken = Options.Credentials;
        if (taken.HasFlag(CredentialKinds.Certificate))
        {
            if (!HasTls) yield return new("auth", "certificate needs TLS: use the type mqtts or wss");
            else if (ClientCertificates == ClientCertificates.None)
                yield return new("tls.clientCertificate", "is none, and auth takes certificates: say optional or required");
        }

        if (Type == ListenerType.Https && taken.HasFlag(CredentialKinds.Password))
            yield return new("auth", "password is not for https: use token (Authorization: Bearer) or certificate");
        if (IPAddress.IsLoopback(Address.Address)) yield break;
        if (taken.HasFlag(CredentialKinds.Anonymous) && !AllowAnonymous)
        {
            yield return new("auth", $"anonymous lets everybody in who reaches {Address}, which other machines do: take it out, listen on 127.0.0.1, "
                + "or say allowAnonymous: true");
        }

        if (!HasTls && !Insecure && (taken & (CredentialKinds.Password | CredentialKinds.Token)) != 0)
        {
            yield return new("auth", $"passwords and tokens would pass unencrypted to {Address}, which other machines reach: "
                + $"use the type {(Type == ListenerType.Ws ? "wss" : "mqtts")}, listen on 127.0.0.1, or say insecure: true");
        }
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == origin;
}
