using Millrace.Server.Cli.Settings;

namespace Millrace.Tests.Server.Cli;

public sealed class EndpointsTests
{
    [Theory]
    [InlineData("127.0.0.1:1883", "127.0.0.1:1883")]
    [InlineData("127.9.9.9:1", "127.9.9.9:1")]
    [InlineData("[::1]:8080", "[::1]:8080")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("0.0.0.0:65535", "0.0.0.0:65535")]
    public void An_address_and_a_port_are_read(string text, string expected)
    {
        Assert.True(Endpoints.TryParse(text, out var endpoint, out _));
        Assert.Equal(expected, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1883")]
    [InlineData("1883")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1: 1")]
    [InlineData("127.1:1883")]
    [InlineData("0x7f.0.0.1:1883")]
    [InlineData("::1:1883")]
    [InlineData("[::1]")]
    [InlineData("[::1:1883")]
    [InlineData("[127.0.0.1]:1883")]
    [InlineData("example.org:1883")]
    [InlineData("mqtt://127.0.0.1:1883")]
    public void Anything_else_is_refused_with_a_reason(string text)
    {
        Assert.False(Endpoints.TryParse(text, out _, out var wrong));
        Assert.NotEmpty(wrong);
    }
}
