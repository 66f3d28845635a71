using System.Net;
using System.Security.Authentication;
using Millrace.Contracts.Devices;
using Millrace.Gateway;
using Millrace.Gateway.Kestrel;
using Millrace.Server.Cli.Settings;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Listeners;

/// <summary>The list <c>listeners:</c> of a configuration file.</summary>
internal static class ListenerReader
{
    public const string Key = "listeners";

    private static readonly Dictionary<string, ListenerType> Types = new()
    {
        ["mqtt"] = ListenerType.Mqtt,
        ["mqtts"] = ListenerType.Mqtts,
        ["ws"] = ListenerType.Ws,
        ["wss"] = ListenerType.Wss,
        ["https"] = ListenerType.Https,
    };

    private static readonly Dictionary<string, CredentialKinds> Credentials = new()
    {
        ["anonymous"] = CredentialKinds.Anonymous,
        ["password"] = CredentialKinds.Password,
        ["token"] = CredentialKinds.Token,
        ["certificate"] = CredentialKinds.Certificate,
    };

    private static readonly Dictionary<string, ClientCertificates> Asking = new()
    {
        ["none"] = ClientCertificates.None,
        ["optional"] = ClientCertificates.Optional,
        ["required"] = ClientCertificates.Required,
    };

    private static readonly Dictionary<string, SslProtocols> Protocols = new() { ["1.2"] = SslProtocols.Tls12, ["1.3"] = SslProtocols.Tls13 };

    private static readonly Dictionary<string, bool> Compat = new() { ["aws-iot"] = true };

    /// <returns>
    /// Null where the file has no such list. A listener without type or address that can be read is left out; that was reported, and the same words
    /// about the others come from <see cref="ListenerDeclaration.Check"/>.
    /// </returns>
    public static IReadOnlyList<ListenerDeclaration>? Read(Section file)
    {
        if (file.Items(Key) is not { } items) return null;
        var listeners = new List<ListenerDeclaration>();
        for (var i = 0; i < items.Count; i++)
        {
            if (Section.Open($"{Key}[{i}]", items[i], file.Problems) is { } section && ReadOne(section) is { } listener) listeners.Add(listener);
        }

        return listeners;
    }

    private static ListenerDeclaration? ReadOne(Section section)
    {
        if (!section.Has("type")) section.Needed("type", "mqtts");
        var type = section.Choice("type", Types);
        var address = ReadAddress(section);
        var name = section.Text("name") ?? type?.ToString().ToLowerInvariant() ?? "?";
        var auth = section.Choices("auth", Credentials);
        var taken = auth is null
            ? type is { } t && address is not null ? ListenerDeclaration.CredentialsOf(t, address.Address) : CredentialKinds.Anonymous
            : auth.Aggregate(CredentialKinds.None, static (all, one) => all | one);
        if (taken is null) section.Needed("auth", "[password]");
        var options = new ListenerOptions
        {
            Name = name,
            Credentials = taken ?? CredentialKinds.Certificate,
            IsAwsIot = section.Choice("compat", Compat) ?? false,
            MaxConnections = section.Whole("maxConnections"),
            MaxConnectRate = section.Whole("maxConnectRate"),
            MaxPublishRate = section.Whole("maxPublishRate"),
            MaxPublishBytes = section.Size("maxPublishBytes"),
            MaxPacketSize = section.Size("maxPacketSize"),
        };
        var tls = ReadTls(section.Map("tls"));
        var (anonymous, insecure) = (section.Flag("allowAnonymous"), section.Flag("insecure"));
        var origins = section.Names("origins");
        section.End();
        if (type is null || address is null || taken is null) return null;
        return new ListenerDeclaration
        {
            Place = section.Where,
            Type = type.Value,
            Address = address,
            Options = options,
            Tls = tls,
            AllowAnonymous = anonymous ?? false,
            Insecure = insecure ?? false,
            Origins = origins ?? [],
        };
    }

    private static IPEndPoint? ReadAddress(Section section)
    {
        var text = section.Needed("address", "0.0.0.0:8883");
        if (text.Length == 0) return null;
        if (Endpoints.TryParse(text, out var endpoint, out var wrong)) return endpoint;
        section.Problems.AddChecked(section.Where, [new("address", wrong)]);
        return null;
    }

    private static TlsDeclaration ReadTls(Section? section)
    {
        if (section is null) return new TlsDeclaration();
        var protocols = section.Choices("protocols", Protocols);
        var tls = new TlsDeclaration
        {
            Certificate = section.Text("certificate"),
            Key = section.Text("key"),
            Names = section.Names("names") ?? [],
            ClientCertificates = section.Choice("clientCertificate", Asking),
            Protocols = protocols?.Aggregate(SslProtocols.None, static (all, one) => all | one) ?? new TlsDeclaration().Protocols,
        };
        section.End();
        return tls;
    }
}
