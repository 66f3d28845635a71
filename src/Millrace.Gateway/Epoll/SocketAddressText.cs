using System.Buffers.Binary;
using System.Net;

namespace Millrace.Gateway.Epoll;

/// <summary>struct sockaddr_in and sockaddr_in6 as text, for the log.</summary>
//
//   IPv4    at 0  2, in the machine's order    at 2  port, big-endian    at 4  address, 4 bytes
//   IPv6    at 0  10, in the machine's order   at 2  port, big-endian    at 8  address, 16 bytes    at 24  scope
internal static class SocketAddressText
{
    public const int MostBytes = 28;

    private const ushort Version6 = 10;

    public static string Of(ReadOnlySpan<byte> address)
    {
        var isVersion6 = BinaryPrimitives.ReadUInt16LittleEndian(address) == Version6;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        var ip = isVersion6 ? new IPAddress(address.Slice(8, 16), BinaryPrimitives.ReadUInt32LittleEndian(address[24..])) : new IPAddress(address.Slice(4, 4));
        return new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, port).ToString();
    }
}
