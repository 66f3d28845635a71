using System.Net;
using Millrace.Contracts.Devices;
using Millrace.Gateway;
using Millrace.Server.Listeners;

namespace Millrace.Tests.Server.Listeners;

public sealed class DeviceRoutesTests
{
    [Theory]
    [InlineData(CredentialKinds.Anonymous, "")]
    [InlineData(CredentialKinds.Anonymous, "http://localhost:8080")]
    [InlineData(CredentialKinds.Certificate, "http://127.0.0.1:3000")]
    [InlineData(CredentialKinds.Certificate, "https://app.example.com")]
    [InlineData(CredentialKinds.Password | CredentialKinds.Token, "https://other.example.com")]
    public void Pages_of_this_machine_pages_that_were_named_and_those_who_must_bring_a_password_pass(CredentialKinds auth, string origin) =>
        Assert.Null(DeviceRoutes.RefusalOf(Listener(auth), origin));

    [Theory]
    [InlineData(CredentialKinds.Anonymous, "https://other.example.com")]
    [InlineData(CredentialKinds.Anonymous, "null")]
    [InlineData(CredentialKinds.Anonymous, "nonsense")]
    [InlineData(CredentialKinds.Certificate, "http://app.example.com")]
    [InlineData(CredentialKinds.Certificate | CredentialKinds.Password, "https://app.example.com.evil.example")]
    [InlineData(CredentialKinds.Anonymous, "http://localhost.evil.example")]
    public void Others_do_not_where_a_browser_would_open_the_door_by_itself(CredentialKinds auth, string origin) =>
        Assert.NotNull(DeviceRoutes.RefusalOf(Listener(auth), origin));

    private static ListenerDeclaration Listener(CredentialKinds auth) => new()
    {
        Place = "listeners[0]",
        Type = ListenerType.Wss,
        Address = new IPEndPoint(IPAddress.Any, 443),
        Options = new ListenerOptions { Credentials = auth },
        Origins = ["https://app.example.com"],
    };
}
