using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Contracts.Documents;
using Millrace.Devices.Certificates;
using Millrace.Devices.Policies;
using static Millrace.Tests.Devices.RegistryUnderTest;
using static Millrace.Tests.Devices.SomePolicy;

namespace Millrace.Tests.Devices;

public sealed class RegistryTests
{
    private readonly RegistryUnderTest _under = new();

    [Fact]
    public async Task What_was_safe_is_found_after_a_restart()
    {
        await _under.PutAsync("p", Statement("Allow", "*", "*"));
        var (id, certificate) = await _under.CertificateAsync("thing1", "p");
        await _under.Registry.Users.AddAsync("anna", "correct horse", ["p"]);
        var token = await _under.Registry.Tokens.CreateAsync("ci", TimeSpan.FromDays(1), ["p"]);

        var again = new RegistryUnderTest(_under.Documents.Copy());
        Assert.Equal([id], again.Registry.Certificates.List().Select(static c => c.Id));
        await again.AdmittedAsync(Attempt(CredentialKinds.Certificate, "thing1", certificate));
        await again.AdmittedAsync(Attempt(CredentialKinds.Password, user: "anna", password: "correct horse"));
        Assert.Equal("ci", (await again.AdmittedAsync(Attempt(CredentialKinds.Token, password: token.Secret))).Principal);
    }

    [Fact]
    public async Task No_secret_is_in_the_documents()
    {
        var made = await _under.Registry.Certificates.CreateAsync("thing1", KeyKind.Ecdsa, TimeSpan.FromDays(1), ["device"]);
        await _under.Registry.Users.AddAsync("anna", "correct horse", ["everything"]);
        var token = await _under.Registry.Tokens.CreateAsync("ci", null, ["everything"]);
        foreach (var collection in new[] { "certificates", "users", "tokens", "policies" })
        {
            foreach (var (key, value) in _under.Documents.List(collection))
            {
                var text = key + Encoding.UTF8.GetString(value);
                Assert.DoesNotContain("correct horse", text, StringComparison.Ordinal);
                Assert.DoesNotContain(token.Secret[4..], text, StringComparison.Ordinal);
                Assert.DoesNotContain("PRIVATE KEY", text, StringComparison.Ordinal);
                Assert.DoesNotContain(made.PrivateKeyPem.Split('\n')[1], text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_change_ends_when_it_is_safe_and_holds_before()
    {
        _under.Documents.CommitsAtOnce = false;
        var putting = _under.PutAsync("p", Statement("Allow", "*", "*"));
        Assert.False(putting.IsCompleted);
        Assert.NotNull(_under.Registry.Policies.Find("p"));
        _under.Documents.Commit();
        await putting;

        putting = _under.PutAsync("q", Statement("Allow", "*", "*"));
        _under.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(Fault.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => putting)).Fault);
    }

    [Fact]
    public async Task Where_the_disk_refuses_nothing_changes()
    {
        var (id, certificate) = await _under.CertificateAsync("thing1", "device");
        var access = await _under.AdmittedAsync(Attempt(CredentialKinds.Certificate, "thing1", certificate));
        _under.Documents.RefusesWrites = true;
        await Assert.ThrowsAsync<FaultException>(() => _under.Registry.Certificates.SetStatusAsync(id, CertificateStatus.Revoked));
        await Assert.ThrowsAsync<FaultException>(() => _under.PutAsync("device", Statement("Deny", "*", "*")));
        Assert.False(access.Revoked.IsCancellationRequested);
        Assert.True(access.MayPublish("a"u8, retain: false));
    }

    [Fact]
    public async Task A_policy_that_is_attached_stays_and_a_built_in_one_comes_back()
    {
        await _under.PutAsync("p", Statement("Allow", "*", "*"));
        await _under.Registry.Users.AddAsync("anna", "correct horse", ["p"]);
        Assert.Contains("user anna", (await RefusedAsync(() => _under.Registry.Policies.RemoveAsync("p"))).Message, StringComparison.Ordinal);
        await _under.Registry.Users.DetachAsync("anna", "p");
        Assert.True(await _under.Registry.Policies.RemoveAsync("p"));
        Assert.False(await _under.Registry.Policies.RemoveAsync("p"));

        await _under.PutAsync("device", Statement("Deny", "*", "*"));
        Assert.False(_under.Registry.Policies.Find("device")!.IsBuiltIn);
        Assert.True(await _under.Registry.Policies.RemoveAsync("device"));
        Assert.True(_under.Registry.Policies.Find("device")!.IsBuiltIn);
        await RefusedAsync(() => _under.Registry.Policies.RemoveAsync("device"));
        Assert.Equal(["device", "everything"], _under.Registry.Policies.List().Select(static p => p.Name));
    }

    [Fact]
    public async Task A_certificate_from_elsewhere_is_registered_once_without_its_key()
    {
        var made = await new RegistryUnderTest().Registry.Certificates.CreateAsync("elsewhere", KeyKind.Rsa, TimeSpan.FromDays(1), []);
        var certificates = _under.Registry.Certificates;
        var pem = made.Certificate.Pem;
        await RefusedAsync(() => certificates.RegisterAsync(made.PrivateKeyPem + pem, [], ["device"], CertificateStatus.Active));
        await RefusedAsync(() => certificates.RegisterAsync("garbage", [], ["device"], CertificateStatus.Active));
        await RefusedAsync(() => certificates.RegisterAsync(new string('x', 20_000), [], ["device"], CertificateStatus.Active));
        await RefusedAsync(() => certificates.RegisterAsync(pem, [], ["nothing"], CertificateStatus.Active));
        await RefusedAsync(() => certificates.RegisterAsync(pem, ["a/b"], ["device"], CertificateStatus.Active));
        await RefusedAsync(() => certificates.RegisterAsync(pem, ["a"], ["device", "device"], CertificateStatus.Active));
        await RefusedAsync(() => certificates.RegisterAsync(pem, ["a"], [null!], CertificateStatus.Active));
        await RefusedAsync(() => certificates.RegisterAsync(pem, ["a"], ["device"], CertificateStatus.Revoked));

        var registered = await certificates.RegisterAsync(pem, ["a"], ["device"], CertificateStatus.Inactive);
        Assert.Equal(made.Certificate.Id, registered.Id);
        Assert.Equal((CertificateStatus.Inactive, "CN=elsewhere"), (registered.Status, registered.Subject));
        await RefusedAsync(() => certificates.RegisterAsync(pem, ["a"], ["device"], CertificateStatus.Active));
        await certificates.SetStatusAsync(registered.Id, CertificateStatus.Active);
        await RefusedAsync(() => certificates.RemoveAsync(registered.Id));
        await certificates.SetStatusAsync(registered.Id, CertificateStatus.Revoked);
        await RefusedAsync(() => certificates.SetStatusAsync(registered.Id, CertificateStatus.Active));
        Assert.True(await certificates.RemoveAsync(registered.Id));
        Assert.Null(certificates.Find(registered.Id));
        Assert.False(await certificates.RemoveAsync(registered.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("..%2f")]
    [InlineData("é")]
    [InlineData("a\n")]
    public async Task Names_are_safe_in_paths_and_logs(string name)
    {
        await RefusedAsync(() => _under.PutAsync(name, Statement("Allow", "*", "*")));
        await RefusedAsync(() => _under.Registry.Users.AddAsync(name, "correct horse", []));
        await RefusedAsync(() => _under.Registry.Tokens.CreateAsync(name, null, []));
        await RefusedAsync(() => _under.Registry.Certificates.CreateAsync(name, KeyKind.Ecdsa, TimeSpan.FromDays(1), []));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("mlr_looks-like-a-token")]
    [InlineData(null)]
    public async Task A_password_is_long_enough_and_no_token(string? password) =>
        await RefusedAsync(() => _under.Registry.Users.AddAsync("anna", password ?? new string('x', 1025), []));

    [Fact]
    public async Task Names_are_taken_once()
    {
        await _under.Registry.Users.AddAsync("anna", "correct horse", []);
        await RefusedAsync(() => _under.Registry.Users.AddAsync("anna", "battery staple", []));
        await _under.Registry.Tokens.CreateAsync("ci", null, []);
        await RefusedAsync(() => _under.Registry.Tokens.CreateAsync("ci", null, []));
        Assert.False(await _under.Registry.Tokens.RemoveAsync("other"));
        Assert.Null(await _under.Registry.Users.AttachAsync("nobody", "device"));
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_is_named()
    {
        _under.Documents.Write([new DocumentChange("users", "anna", "garbage"u8.ToArray())], null);
        var fault = await Assert.ThrowsAsync<FaultException>(() => _under.ConnectAsync(Attempt(CredentialKinds.Password, user: "anna", password: "x")));
        Assert.Equal(Fault.Corrupt, fault.Fault);
        Assert.Contains("users/anna", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_of_policies_answers_as_a_connection_would_be()
    {
        var (id, _) = await _under.CertificateAsync("thing1", "device");
        var tester = new PolicyTester(_under.Registry);
        var connect = new PolicyQuestion { Action = "iot:Connect" };
        Assert.True(tester.OfCertificate(id, connect)!.IsAllowed);
        Assert.False(tester.OfCertificate(id, connect with { ClientId = "other" })!.IsAllowed);
        Assert.True(tester.OfCertificate(id, connect with { ClientId = "other", Thing = "other" })!.IsAllowed);
        Assert.Null(tester.OfCertificate("unknown", connect));
        Assert.Throws<FaultException>(() => tester.OfCertificate(id, connect with { Action = "iot:Publish" }));
        Assert.Throws<FaultException>(() => tester.OfCertificate(id, connect with { Action = "iot:Fly" }));
        Assert.Throws<FaultException>(() => tester.OfCertificate(id, connect with { SourceIp = "here" }));

        await _under.Registry.Certificates.SetStatusAsync(id, CertificateStatus.Inactive);
        var inactive = tester.OfCertificate(id, connect)!;
        Assert.False(inactive.IsAllowed);
        Assert.StartsWith("the certificate is inactive", inactive.Why, StringComparison.Ordinal);
    }

    private static async Task<FaultException> RefusedAsync(Func<Task> act)
    {
        var fault = await Assert.ThrowsAsync<FaultException>(act);
        Assert.Equal(Fault.Refused, fault.Fault);
        return fault;
    }
}
