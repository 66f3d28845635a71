using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Millrace.Contracts.Devices;
using Millrace.Contracts.Documents;
using Millrace.Devices;
using Millrace.Devices.Certificates;
using Millrace.Devices.Policies;
using Millrace.Testing.Storage;
using ManualClock = Millrace.Testing.ManualClock;

namespace Millrace.Tests.Devices;

/// <summary>A registry in memory whose passwords are quick to check, and clients that come to it.</summary>
internal sealed class RegistryUnderTest
{
    private static readonly Lazy<CertificateAuthority> Authority =
        new(static () => CertificateAuthority.Create(ECDsa.Create(ECCurve.NamedCurves.nistP256), new ManualClock()));

    public RegistryUnderTest(IDocumentStore? documents = null)
    {
        Registry = new Registry(documents ?? Documents, Authority, Clock, iterations: 10);
        Authenticator = new Authenticator(Registry, Clock);
    }

    public ManualClock Clock { get; } = new();

    public MemoryDocuments Documents { get; } = new();

    public Registry Registry { get; }

    public Authenticator Authenticator { get; }

    public Task PutAsync(string name, params string[] statements) => Registry.Policies.PutAsync(name, SomePolicy.Of(statements));

    /// <summary>An active certificate of a thing.</summary>
    public async Task<(string Id, X509Certificate2 Certificate)> CertificateAsync(string thing, params string[] policies)
    {
        var made = await Registry.Certificates.CreateAsync(thing, KeyKind.Ecdsa, TimeSpan.FromDays(10), policies);
        return (made.Certificate.Id, X509Certificate2.CreateFromPem(made.Certificate.Pem));
    }

    public static ConnectAttempt Attempt(
        CredentialKinds allowed, string clientId = "c", X509Certificate2? certificate = null, string? user = null, string? password = null) => new()
        {
            ClientId = clientId,
            UserName = user,
            Password = password is null ? null : Encoding.UTF8.GetBytes(password),
            Certificate = certificate,
            Address = "192.0.2.7",
            Allowed = allowed,
        };

    /// <summary>The verdict, once the clock has gone on far enough for it.</summary>
    public async Task<ConnectVerdict> ConnectAsync(ConnectAttempt attempt)
    {
        var deciding = Authenticator.AuthenticateAsync(attempt, CancellationToken.None).AsTask();
        if (await Task.WhenAny(deciding, Clock.TimersAsync(1)) != deciding) Clock.Advance(TimeSpan.FromSeconds(5));
        return await deciding;
    }

    public async Task<IAccess> AdmittedAsync(ConnectAttempt attempt)
    {
        var verdict = await ConnectAsync(attempt);
        Assert.True(verdict.Access is not null, verdict.Why);
        return verdict.Access;
    }
}
