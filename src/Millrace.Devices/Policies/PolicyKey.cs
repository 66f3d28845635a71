using System.Globalization;

namespace Millrace.Devices.Policies;

/// <summary>A fact about a connection, under the name that variables and conditions use: <c>iot:ClientId</c>.</summary>
internal sealed record PolicyKey
{
    private const string CertificatePrefix = "iot:Certificate.";
    private const string ListPart = ".List.";

    private static readonly Dictionary<string, Kind> Single = new(StringComparer.OrdinalIgnoreCase)
    {
        ["iot:ClientId"] = Kind.ClientId,
        ["aws:SourceIp"] = Kind.SourceIp,
        ["iot:ConnectAttributes"] = Kind.ConnectAttributes,
        ["iot:Connection.Thing.ThingName"] = Kind.ThingName,
        ["iot:Thing.ThingName"] = Kind.ThingName,
        ["iot:Connection.Thing.IsAttached"] = Kind.IsAttached,
    };

    private static readonly HashSet<string> CertificateKeys = new(CertificateNames.Known, StringComparer.OrdinalIgnoreCase);

    private readonly Kind _kind;
    private readonly string _certificateName = "";
    private readonly int? _position;

    private PolicyKey(string name, Kind kind) => (Name, _kind) = (name, kind);

    private PolicyKey(string name, string certificateName, int? position)
        : this(name, Kind.Certificate) =>
        (_certificateName, _position) = (certificateName, position);

    private enum Kind
    {
        ClientId,
        SourceIp,
        ConnectAttributes,
        ThingName,
        IsAttached,
        Certificate,
    }

    /// <summary>As the policy has it.</summary>
    public string Name { get; }

    /// <summary>It may have several values at once: conditions on it need ForAllValues or ForAnyValue, and there is no variable of it.</summary>
    public bool IsSet => _kind == Kind.ConnectAttributes;

    public bool IsAddress => _kind == Kind.SourceIp;

    public bool IsBool => _kind == Kind.IsAttached;

    /// <summary>The reason in <paramref name="wrong"/> where there is no such key.</summary>
    public static PolicyKey? Parse(string name, out string wrong)
    {
        wrong = "";
        if (Single.TryGetValue(name, out var kind)) return new PolicyKey(name, kind);
        if (name.StartsWith(CertificatePrefix, StringComparison.OrdinalIgnoreCase)
            && CertificateKey(name, name[CertificatePrefix.Length..]) is { } certificate) return certificate;
        wrong = name.StartsWith("iot:Connection.Thing.", StringComparison.OrdinalIgnoreCase)
            ? $"'{name}' has no value on this server, where things have a name and no type or attributes"
            : $"'{name}' is unknown; there are {string.Join(", ", Single.Keys)} and those of the certificate, as iot:Certificate.Subject.CommonName";
        return null;
    }

    /// <returns>Empty where the connection has no such fact.</returns>
    public IReadOnlyList<string> Values(RequestContext context) => _kind switch
    {
        Kind.ClientId => context.ClientId.Length > 0 ? [context.ClientId] : [],
        Kind.SourceIp => context.SourceIp is { } address ? [address.ToString()] : [],
        Kind.ConnectAttributes => context.ConnectAttributes,
        Kind.ThingName => context.ThingName is { } thing ? [thing] : [],
        Kind.IsAttached => context.ClientId.Length > 0 ? [context.ThingName is null ? "false" : "true"] : [],
        _ => context.Certificate?.Values(_certificateName).Skip(_position ?? 0).Take(1).ToArray() ?? [],
    };

    private static PolicyKey? CertificateKey(string name, string rest)
    {
        var list = rest.IndexOf(ListPart, StringComparison.OrdinalIgnoreCase);
        if (list < 0) return CertificateKeys.Contains(rest) ? new PolicyKey(name, rest, null) : null;
        return int.TryParse(rest.AsSpan(list + ListPart.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            && CertificateKeys.Contains(rest[..list]) ? new PolicyKey(name, rest[..list], position) : null;
    }
}
