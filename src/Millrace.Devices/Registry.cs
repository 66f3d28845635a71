using Millrace.Contracts.Documents;
using Millrace.Devices.Certificates;
using Millrace.Devices.Connecting;
using Millrace.Devices.Credentials;
using Millrace.Devices.Documents;
using Millrace.Devices.Policies;

namespace Millrace.Devices;

/// <summary>Who may connect, and what each may do: certificates, users, tokens and the policies attached to them.</summary>
public sealed class Registry
{
    /// <param name="documents">Where all of it is kept.</param>
    /// <param name="authority">Signs certificates of devices; made when the first is asked for.</param>
    /// <param name="clock">Certificates and tokens begin and end by it.</param>
    public Registry(IDocumentStore documents, Lazy<CertificateAuthority> authority, TimeProvider clock)
        : this(documents, authority, clock, PasswordHash.Current)
    {
    }

    /// <param name="documents">See above.</param>
    /// <param name="authority">See above.</param>
    /// <param name="clock">See above.</param>
    /// <param name="iterations">Of new passwords.</param>
    internal Registry(IDocumentStore documents, Lazy<CertificateAuthority> authority, TimeProvider clock, int iterations)
    {
        var principals = new Principals();
        Policies = new PolicyRegistry(new(documents, "policies", DeviceDocuments.Default.PolicyDocumentRecord), principals.Gate, clock);
        var certificates = new CredentialCollection<CertificateDocument>(
            PrincipalKind.Certificate, new(documents, "certificates", DeviceDocuments.Default.CertificateDocument), principals, Policies.Exists, clock);
        var users = new CredentialCollection<UserDocument>(
            PrincipalKind.User, new(documents, "users", DeviceDocuments.Default.UserDocument), principals, Policies.Exists, clock);
        var tokens = new CredentialCollection<TokenDocument>(
            PrincipalKind.Token, new(documents, "tokens", DeviceDocuments.Default.TokenDocument), principals, Policies.Exists, clock);
        Certificates = new CertificateRegistry(certificates, authority, clock);
        Users = new UserRegistry(users, clock, iterations);
        Tokens = new TokenRegistry(tokens, clock);
        Policies.Holders = policy =>
            certificates.Holding(policy).Select(static found => "certificate " + found.Key)
                .Concat(users.Holding(policy).Select(static found => "user " + found.Key))
                .Concat(tokens.Holding(policy).Select(static found => "token " + found.Document.Name));
    }

    public CertificateRegistry Certificates { get; }

    public UserRegistry Users { get; }

    public TokenRegistry Tokens { get; }

    public PolicyRegistry Policies { get; }
}
