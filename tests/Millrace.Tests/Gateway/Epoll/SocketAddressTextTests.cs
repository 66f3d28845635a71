using Millrace.Gateway.Epoll;

namespace Millrace.Tests.Gateway.Epoll;

public sealed class SocketAddressTextTests
{
    [Theory]
    [InlineData("0200 C350 7F000001 0000000000000000 000000000000000000000000", "127.0.0.1:50000")]
    [InlineData("0A00 075B 00000000 00000000000000000000000000000001 00000000", "[::1]:1883")]
    [InlineData("0A00 075B 00000000 FE800000000000000000000000000001 03000000", "[fe80::1%3]:1883")]
    [InlineData("0A00 075B 00000000 00000000000000000000FFFFC0000201 00000000", "192.0.2.1:1883")]
    public void An_address_reads_as_people_write_it(string bytes, string text) =>
        Assert.Equal(text, SocketAddressText.Of(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal))));
}
