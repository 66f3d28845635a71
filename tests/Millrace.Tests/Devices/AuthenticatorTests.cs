using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Millrace.Contracts.Devices;
using Millrace.Devices.Certificates;
using Millrace.Devices.Connecting;
using static Millrace.Tests.Devices.RegistryUnderTest;
using static Millrace.Tests.Devices.SomePolicy;

namespace Millrace.Tests.Devices;

public sealed class AuthenticatorTests
{
    private readonly RegistryUnderTest _under = new();

    [Fact]
    public async Task A_certificate_lets_its_thing_in_under_its_own_name()
    {
        var (id, certificate) = await _under.CertificateAsync("thing1", "device");
        var access = await _under.AdmittedAsync(Attempt(CredentialKinds.Certificate, "thing1", certificate));
        Assert.Equal(id, access.Principal);
        Assert.True(access.MayPublish("a/b"u8, retain: true) && access.MaySubscribe("#"u8) && access.MayReceive("x"u8));

        var refused = await _under.ConnectAsync(Attempt(CredentialKinds.Certificate, "thing2", certificate));
        Assert.True(refused is { Access: null, KnowsPassword: true });
        Assert.Contains("iot:Connection.Thing.ThingName has no value", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_registered_is_not_let_in()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(_under.Clock.GetUtcNow(), _under.Clock.GetUtcNow().AddDays(1));
        var refused = await _under.ConnectAsync(Attempt(CredentialKinds.Certificate | CredentialKinds.Anonymous, "stranger", certificate));
        Assert.True(refused is { Access: null, KnowsPassword: true });
        Assert.Contains("not registered", refused.Why, StringComparison.Ordinal);

        await _under.Registry.Certificates.RegisterAsync(certificate.ExportCertificatePem(), ["stranger"], ["device"], CertificateStatus.Active);
        await _under.AdmittedAsync(Attempt(CredentialKinds.Certificate, "stranger", certificate));
    }

    [Fact]
    public async Task A_certificate_counts_only_while_it_is_valid()
    {
        var (_, certificate) = await _under.CertificateAsync("thing1", "device");
        _under.Clock.Advance(TimeSpan.FromDays(11));
        Assert.Contains("ended at", (await _under.ConnectAsync(Attempt(CredentialKinds.Certificate, "thing1", certificate))).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CertificateStatus.Inactive, "inactive")]
    [InlineData(CertificateStatus.Revoked, "revoked")]
    public async Task A_certificate_that_is_not_active_ends_its_connections_and_opens_none(CertificateStatus status, string why)
    {
        var (id, certificate) = await _under.CertificateAsync("thing1", "device");
        var access = await _under.AdmittedAsync(Attempt(CredentialKinds.Certificate, "thing1", certificate));
        await _under.Registry.Certificates.SetStatusAsync(id, status);
        Assert.True(access.Revoked.IsCancellationRequested);
        Assert.False(access.MayPublish("a"u8, retain: false) || access.MayReceive("a"u8) || access.MaySubscribe("a"u8));
        var refused = await _under.ConnectAsync(Attempt(CredentialKinds.Certificate, "thing1", certificate));
        Assert.Contains(why, refused.Why, StringComparison.Ordinal);

        if (status == CertificateStatus.Revoked) return;
        await _under.Registry.Certificates.SetStatusAsync(id, CertificateStatus.Active);
        Assert.False((await _under.AdmittedAsync(Attempt(CredentialKinds.Certificate, "thing1", certificate))).Revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task A_user_is_let_in_by_the_password_and_the_log_says_who_was_not()
    {
        await _under.Registry.Users.AddAsync("anna", "correct horse", ["everything"]);
        for (var i = 0; i < 2; i++)
            Assert.Equal("anna", (await _under.AdmittedAsync(Attempt(CredentialKinds.Password, user: "anna", password: "correct horse"))).Principal);

        var wrong = await _under.ConnectAsync(Attempt(CredentialKinds.Password, user: "anna", password: "correct house"));
        Assert.Equal(new ConnectVerdict(null, false, "the password of user anna is wrong"), wrong);
        var stranger = Attempt(CredentialKinds.Password | CredentialKinds.Anonymous, user: new string('x', 9000), password: "correct horse");
        var nobody = await _under.ConnectAsync(stranger);
        Assert.Equal(new ConnectVerdict(null, false, $"there is no user {new string('x', 128)}…"), nobody);
        var silent = await _under.ConnectAsync(Attempt(CredentialKinds.Password, user: "anna"));
        Assert.Equal(new ConnectVerdict(null, false, "the client brought the user name anna and no password"), silent);
    }

    [Fact]
    public async Task A_new_password_ends_the_connections_of_the_old_one()
    {
        await _under.Registry.Users.AddAsync("anna", "correct horse", ["everything"]);
        var access = await _under.AdmittedAsync(Attempt(CredentialKinds.Password, user: "anna", password: "correct horse"));
        await _under.Registry.Users.ChangePasswordAsync("anna", "battery staple");
        Assert.True(access.Revoked.IsCancellationRequested);
        Assert.Null((await _under.ConnectAsync(Attempt(CredentialKinds.Password, user: "anna", password: "correct horse"))).Access);
        access = await _under.AdmittedAsync(Attempt(CredentialKinds.Password, user: "anna", password: "battery staple"));
        await _under.Registry.Users.RemoveAsync("anna");
        Assert.True(access.Revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task A_token_is_a_password_with_any_user_name()
    {
        var made = await _under.Registry.Tokens.CreateAsync("ci", null, ["everything"]);
        Assert.StartsWith("mlr_", made.Secret, StringComparison.Ordinal);
        Assert.Equal(47, made.Secret.Length);
        var access = await _under.AdmittedAsync(Attempt(CredentialKinds.Token | CredentialKinds.Password, user: "whoever", password: made.Secret));
        Assert.Equal("ci", access.Principal);
        await _under.AdmittedAsync(Attempt(CredentialKinds.Token, password: made.Secret));
        Assert.Null((await _under.ConnectAsync(Attempt(CredentialKinds.Token, password: made.Secret[..^1] + "?"))).Access);
        Assert.Null((await _under.ConnectAsync(Attempt(CredentialKinds.Password, user: "whoever", password: made.Secret))).Access);

        await _under.Registry.Tokens.RemoveAsync("ci");
        Assert.True(access.Revoked.IsCancellationRequested);
        Assert.Null((await _under.ConnectAsync(Attempt(CredentialKinds.Token, password: made.Secret))).Access);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_token_ends_at_its_time_and_its_connections_with_it(int days)
    {
        var made = await _under.Registry.Tokens.CreateAsync("ci", TimeSpan.FromDays(days), ["everything"]);
        var access = await _under.AdmittedAsync(Attempt(CredentialKinds.Token, password: made.Secret));
        _under.Clock.Advance(TimeSpan.FromDays(days) - TimeSpan.FromSeconds(1));
        Assert.False(access.Revoked.IsCancellationRequested);
        _under.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(access.Revoked.IsCancellationRequested);
        Assert.Contains("has expired", (await _under.ConnectAsync(Attempt(CredentialKinds.Token, password: made.Secret))).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CredentialKinds.Anonymous, null, null, true)]
    [InlineData(CredentialKinds.Anonymous, "anna", "whatever", true)]
    [InlineData(CredentialKinds.Anonymous | CredentialKinds.Password, null, null, true)]
    [InlineData(CredentialKinds.Anonymous | CredentialKinds.Password, "anna", "whatever", false)]
    [InlineData(CredentialKinds.Anonymous | CredentialKinds.Token, "anna", "whatever", false)]
    [InlineData(CredentialKinds.Anonymous | CredentialKinds.Password, null, "whatever", false)]
    [InlineData(CredentialKinds.Password, null, null, false)]
    [InlineData(CredentialKinds.Certificate | CredentialKinds.Token, "anna", "whatever", false)]
    [InlineData(CredentialKinds.None, null, null, false)]
    public async Task Who_shows_nothing_is_let_in_only_where_that_is_taken(CredentialKinds allowed, string? user, string? password, bool admitted)
    {
        var verdict = await _under.ConnectAsync(Attempt(allowed, user: user, password: password));
        Assert.Equal(admitted, verdict.Access == AnonymousAccess.Instance);
        Assert.Equal(admitted, verdict.Why is null);
    }

    [Fact]
    public async Task A_will_and_a_lasting_session_need_to_be_allowed_where_the_policy_asks()
    {
        await _under.PutAsync("p", Statement("Allow", "Connect", "client/*", """{"ForAllValues:StringEquals":{"iot:ConnectAttributes":["LastWill"]}}"""));
        var (_, certificate) = await _under.CertificateAsync("t", "p");
        var attempt = Attempt(CredentialKinds.Certificate, "t", certificate);
        Assert.NotNull((await _under.ConnectAsync(attempt)).Access);
        Assert.NotNull((await _under.ConnectAsync(attempt with { HasWill = true })).Access);
        Assert.Null((await _under.ConnectAsync(attempt with { HasWill = true, IsPersistent = true })).Access);
    }

    [Fact]
    public async Task HTTP_has_no_client_id_and_no_thing_and_needs_no_permission_to_connect()
    {
        await _under.PutAsync("p", Statement("Allow", "Publish", "topic/${iot:Connection.Thing.ThingName}"), Statement("Allow", "Publish", "topic/open"));
        var (_, certificate) = await _under.CertificateAsync("t", "p");
        var access = await _under.AdmittedAsync(Attempt(CredentialKinds.Certificate, "", certificate));
        Assert.True(access.MayPublish("open"u8, retain: false));
        Assert.False(access.MayPublish("t"u8, retain: false));
    }

    [Fact]
    public async Task Without_a_policy_nothing_is_allowed()
    {
        await _under.Registry.Users.AddAsync("anna", "correct horse", []);
        var refused = await _under.ConnectAsync(Attempt(CredentialKinds.Password, user: "anna", password: "correct horse"));
        Assert.Equal(new ConnectVerdict(null, true, "anna may not connect as c: there is no policy"), refused);
    }

    [Fact]
    public async Task Failures_are_answered_later_each_time()
    {
        foreach (var milliseconds in new[] { 250, 500, 1000, 2000, 4000, 5000, 5000 })
        {
            var deciding = _under.Authenticator.AuthenticateAsync(Attempt(CredentialKinds.Password), CancellationToken.None).AsTask();
            await _under.Clock.TimersAsync(1);
            _under.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
            Assert.False(deciding.IsCompleted);
            _under.Clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Null((await deciding).Access);
        }
    }

    [Fact]
    public void Delays_are_by_address_forgotten_after_a_minute_and_bounded()
    {
        var delays = new FailureDelays(_under.Clock);
        Assert.Equal(250, delays.Next("192.0.2.1").TotalMilliseconds);
        Assert.Equal(500, delays.Next("192.0.2.1").TotalMilliseconds);
        Assert.Equal(250, delays.Next("192.0.2.2").TotalMilliseconds);
        Assert.Equal(250, delays.Next("2001:db8::1").TotalMilliseconds);
        Assert.Equal(500, delays.Next("2001:db8::ffff:2").TotalMilliseconds);
        Assert.Equal(250, delays.Next("2001:db8:0:1::1").TotalMilliseconds);
        _under.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(250, delays.Next("192.0.2.1").TotalMilliseconds);
        for (var i = 0; i < FailureDelays.MaxAddresses + 10; i++) delays.Next($"host{i}");
        Assert.Equal(250, delays.Next("192.0.2.1").TotalMilliseconds);
        Assert.Equal(500, delays.Next($"host{FailureDelays.MaxAddresses}").TotalMilliseconds);
    }
}
