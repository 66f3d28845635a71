using System.Net;
using System.Text;
using Millrace.Contracts.Devices;
using Millrace.Devices.Certificates;
using Millrace.Devices.Connecting;
using Millrace.Devices.Credentials;
using Millrace.Devices.Policies;

namespace Millrace.Devices;

/// <summary>Tells who a client is, by the registry.</summary>
/// <remarks>
/// What a client brings is not passed over in favour of something weaker: where the listener takes certificates, one that is shown decides, then a token,
/// then a password; only a client that brings nothing the listener takes is anonymous, where that is allowed.
/// </remarks>
public sealed class Authenticator(Registry registry, TimeProvider clock) : IAuthenticator
{
    private readonly PasswordChecks _checks = new();
    private readonly FailureDelays _delays = new(clock);

    public async ValueTask<ConnectVerdict> AuthenticateAsync(ConnectAttempt attempt, CancellationToken stop)
    {
        var verdict = await DecideAsync(attempt, stop).ConfigureAwait(false);
        if (verdict.Access is null) await Task.Delay(_delays.Next(attempt.Address), clock, stop).ConfigureAwait(false);
        return verdict;
    }

    private async ValueTask<ConnectVerdict> DecideAsync(ConnectAttempt attempt, CancellationToken stop)
    {
        bool Takes(CredentialKinds kind) => attempt.Allowed.HasFlag(kind);
        if (attempt.Certificate is not null && Takes(CredentialKinds.Certificate)) return ByCertificate(attempt);
        if (attempt.Password is { } secret && Takes(CredentialKinds.Token) && TokenRegistry.IsToken(secret)) return ByToken(attempt, secret);
        if (attempt.UserName is { } user && Takes(CredentialKinds.Password)) return await ByPasswordAsync(attempt, user, stop).ConfigureAwait(false);
        if (!Takes(CredentialKinds.Anonymous)) return Known($"the client brought {Brought(attempt)}, and this listener takes {attempt.Allowed}");

        // Where it takes passwords or tokens as well, one that is wrong must not look as if it were right.
        var isWrong = attempt.Password is not null && (Takes(CredentialKinds.Password) || Takes(CredentialKinds.Token));
        return isWrong
            ? Unknown("the client brought a password that is no token and has no user name")
            : new ConnectVerdict(AnonymousAccess.Instance, true, null);
    }

    private ConnectVerdict ByCertificate(ConnectAttempt attempt)
    {
        var certificate = attempt.Certificate!;
        var id = CertificateRegistry.IdOf(certificate.RawData);
        if (registry.Certificates.Principal(id) is not { } principal)
            return Known($"the certificate {id} ({Short(certificate.Subject)}) is not registered; millrace certs register makes it known");
        var now = clock.GetUtcNow().UtcDateTime;
        if (certificate.NotAfter.ToUniversalTime() < now) return Known($"the certificate {id} ended at {certificate.NotAfter.ToUniversalTime():O}");
        if (certificate.NotBefore.ToUniversalTime() > now) return Known($"the certificate {id} is valid from {certificate.NotBefore.ToUniversalTime():O} on");
        return Admit(attempt, principal);
    }

    private ConnectVerdict ByToken(ConnectAttempt attempt, byte[] secret) =>
        registry.Tokens.Principal(secret) is { } principal ? Admit(attempt, principal) : Unknown("the token is unknown: wrong, or removed");

    private async ValueTask<ConnectVerdict> ByPasswordAsync(ConnectAttempt attempt, string name, CancellationToken stop)
    {
        if (attempt.Password is not { } password) return Unknown($"the client brought the user name {Short(name)} and no password");
        var principal = registry.Users.Principal(name);
        return await _checks.FitsAsync(principal, principal?.Password ?? PasswordHash.Nobody, password, stop).ConfigureAwait(false) switch
        {
            null => Unknown("too many passwords wait to be checked"),
            true when principal is not null => Admit(attempt, principal),
            _ => Unknown(principal is null ? $"there is no user {Short(name)}" : $"the password of user {name} is wrong"),
        };
    }

    private ConnectVerdict Admit(ConnectAttempt attempt, Principal principal)
    {
        if (principal.Unusable is { } unusable) return Known($"{principal.Name}: {unusable}");
        var address = AddressOf(attempt.Address);
        if (attempt.ClientId.Length > 0)
        {
            var attachments = principal.Attachments;
            var context = Access.ContextOf(principal, attachments, attempt.ClientId, address) with { ConnectAttributes = AttributesOf(attempt) };
            var decision = PolicyEvaluation.Decide(registry.Policies.Snapshot.Of(attachments), PolicyActions.Connect, attempt.ClientId, context);
            if (!decision.IsAllowed)
            {
                var reasons = string.Join("; ", decision.PassedOver.Prepend(decision.Why).Take(10));
                return Known($"{principal.Name} may not connect as {Short(attempt.ClientId)}: {reasons}");
            }
        }

        return new ConnectVerdict(new Access(principal, registry.Policies, attempt.ClientId, address), true, null);
    }

    private static List<string> AttributesOf(ConnectAttempt attempt)
    {
        var attributes = new List<string>();
        if (attempt.IsPersistent) attributes.Add("PersistentConnect");
        if (attempt.HasWill) attributes.Add("LastWill");
        return attributes;
    }

    private static IPAddress? AddressOf(string text) =>
        !IPAddress.TryParse(text, out var address) ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static string Brought(ConnectAttempt attempt)
    {
        var brought = new StringBuilder();
        if (attempt.Certificate is not null) brought.Append("a certificate");
        if (attempt.UserName is not null) brought.Append(brought.Length > 0 ? " and " : "").Append("a user name");
        if (attempt.Password is not null) brought.Append(brought.Length > 0 ? " and " : "").Append("a password");
        return brought.Length > 0 ? brought.ToString() : "nothing";
    }

    /// <summary>The log has room for names, not for whatever a client sends in their place.</summary>
    private static string Short(string name) => name.Length <= 128 ? name : name[..128] + "…";

    /// <summary>What the client says of itself is wrong.</summary>
    private static ConnectVerdict Unknown(string why) => new(null, false, why);

    /// <summary>What it says may be right, and does not let it in.</summary>
    private static ConnectVerdict Known(string why) => new(null, true, why);
}
