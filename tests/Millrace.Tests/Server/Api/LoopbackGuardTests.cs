using Microsoft.AspNetCore.Http;
using Millrace.Server.Api;

namespace Millrace.Tests.Server.Api;

public sealed class LoopbackGuardTests
{
    [Theory]
    [InlineData("localhost:8080", "")]
    [InlineData("LOCALHOST", "")]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:8080")]
    [InlineData("127.8.7.6", "")]
    [InlineData("[::1]:8080", "http://[::1]:8080")]
    [InlineData("localhost:8080", "http://LocalHost:8080")]
    [InlineData("localhost", "http://localhost")]
    public void Requests_of_this_machine_pass(string host, string origin) => Assert.Null(LoopbackGuard.RefusalOf(new HostString(host), origin));

    [Theory]
    [InlineData("", "")]
    [InlineData("example.org", "")]
    [InlineData("localhost.example.org:8080", "")]
    [InlineData("localhost.", "")]
    [InlineData("127.0.0.1.example.org", "")]
    [InlineData("127.0.0.1@example.org", "")]
    [InlineData("192.168.0.4:8080", "")]
    [InlineData("[::ffff:192.168.0.4]", "")]
    [InlineData("0.0.0.0", "")]
    [InlineData("[::]", "")]
    [InlineData("localhost:8080", "null")]
    [InlineData("localhost:8080", "http://localhost:3000")]
    [InlineData("localhost:8080", "http://example.org")]
    [InlineData("localhost:8080", "http://localhost:8080.example.org")]
    [InlineData("localhost:8080", "http://127.0.0.1:8080")]
    [InlineData("localhost:8080", "nonsense")]
    public void Pages_of_others_do_not(string host, string origin) => Assert.NotNull(LoopbackGuard.RefusalOf(new HostString(host), origin));
}
