using System.Net;
using Millrace.Connectors.Http;

namespace Millrace.Tests.Connectors;

public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("169.254.0.1", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("::1", false)]
    [InlineData("2001:db8::1", false)]
    public void Link_local_addresses_are_not_connected_to(string address, bool isForbidden) =>
        Assert.Equal(isForbidden, AddressGuard.IsForbidden(IPAddress.Parse(address)));
}
