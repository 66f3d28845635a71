using System.Net;

namespace Millrace.Gateway.Listening;

/// <summary>Addresses of clients as logs and policies show them: an IPv4 client of an IPv6 socket is an IPv4 client.</summary>
internal static class PeerAddress
{
    public static IPAddress Of(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public static string? Of(EndPoint? endpoint) => endpoint is IPEndPoint ip ? new IPEndPoint(Of(ip.Address), ip.Port).ToString() : endpoint?.ToString();
}
