using System.Net;
using Millrace.Contracts;
using Millrace.Gateway;

namespace Millrace.Server.Listeners;

/// <summary>Every listener of a server: those of single options, then those declared in full.</summary>
internal static class ListenerList
{
    private static readonly IPEndPoint Default = new(IPAddress.Loopback, 1883);

    public static IReadOnlyList<ListenerDeclaration> Of(ServerOptions options)
    {
        var mqtt = options.Mqtt ?? (options.Declared is null ? [Default] : []);
        ListenerDeclaration[] all =
        [
            .. Simple(ListenerType.Mqtt, mqtt),
            .. Simple(ListenerType.Mqtts, options.Mqtts),
            .. Simple(ListenerType.Ws, options.Ws is { } ws ? [ws] : []),
            .. Simple(ListenerType.Wss, options.Wss is { } wss ? [wss] : []),
            .. options.Declared ?? [],
        ];
        return [.. all.Select(one => WithCertificate(one, options))];
    }

    /// <summary>Every mistake of every listener, and those between them.</summary>
    public static IEnumerable<Problem> Check(ServerOptions options)
    {
        if (options.TlsCertificate is null && options.TlsKey is not null) yield return new("tlsCertificate", "is missing: tlsKey is given");
        if (options.TlsCertificate is not null && options.TlsKey is null) yield return new("tlsKey", "is missing: tlsCertificate is given");
        foreach (var listener in options.Declared ?? [])
            foreach (var problem in listener.Check()) yield return problem with { Where = $"{listener.Place}.{problem.Where}" };

        var all = Of(options);
        if (all.Count == 0) yield return new("listeners", "needs at least one listener, or devices have nowhere to connect to");
        var taken = new HashSet<IPEndPoint> { options.Http };
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var listener in all)
        {
            var declared = listener.Place.StartsWith(ListenerReader.Key, StringComparison.Ordinal);
            if (!declared && !listener.HasTls && !IPAddress.IsLoopback(listener.Address.Address)) yield return new(listener.Place, NotLoopback(listener));
            if (listener.Address.Port != 0 && !taken.Add(listener.Address))
                yield return new(declared ? $"{listener.Place}.address" : listener.Place, $"{listener.Address} is taken twice; give each its own port");
            if (!names.Add(listener.Options.Name))
            {
                yield return new(
                    declared ? $"{listener.Place}.name" : listener.Place, $"{listener.Options.Name} is the name of two listeners; give each its own");
            }
        }
    }

    private static IEnumerable<ListenerDeclaration> Simple(ListenerType type, IEnumerable<IPEndPoint> endpoints)
    {
        var place = type.ToString().ToLowerInvariant();
        return endpoints.Select((endpoint, i) => new ListenerDeclaration
        {
            Place = place,
            Type = type,
            Address = endpoint,
            Options = new ListenerOptions
            {
                Name = i == 0 ? place : $"{place}-{i + 1}",
                Credentials = ListenerDeclaration.CredentialsOf(type, endpoint.Address) ?? default,
            },
        });
    }

    private static ListenerDeclaration WithCertificate(ListenerDeclaration listener, ServerOptions options) =>
        listener.HasTls && listener.Tls is { Certificate: null, Key: null, Names.Count: 0 }
            ? listener with { Tls = listener.Tls with { Certificate = options.TlsCertificate, Key = options.TlsKey } }
            : listener;

    private static string NotLoopback(ListenerDeclaration listener) =>
        $"{listener.Address} can be reached from other machines, and --{listener.Place} lets anybody in. Use --{listener.Place}s, which asks for "
        + $"{(listener.Type == ListenerType.Mqtt ? "a certificate" : "a password or token")} over TLS, or declare it under listeners in the configuration "
        + "file, with auth";
}
