using System.Net;
using System.Net.Sockets;
using Millrace.Contracts;

namespace Millrace.Connectors.Http;

/// <summary>
/// Connects to no link-local address. There clouds tell whoever asks the credentials of the machine, and a URL with parts of a message in it may be led
/// there by a device, or by a name whose address changes between a check and a connect: so the address itself is looked at.
/// </summary>
internal static class AddressGuard
{
    /// <summary>AWS's own over IPv6: a unique local address, not a link-local one.</summary>
    private static readonly IPAddress Metadata6 = IPAddress.Parse("fd00:ec2::254");

    public static bool IsForbidden(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetwork) return address.IsIPv6LinkLocal || address.Equals(Metadata6);
        Span<byte> bytes = stackalloc byte[4];
        return address.TryWriteBytes(bytes, out _) && bytes is [169, 254, ..];
    }

    /// <exception cref="FaultException">Refused: the name leads to link-local addresses alone.</exception>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? new[] { literal } : await Dns.GetHostAddressesAsync(host, stop).ConfigureAwait(false);
        var allowed = Array.FindAll(found, static address => !IsForbidden(address));
        if (found.Length > 0 && allowed.Length == 0)
        {
            throw new FaultException(
                Fault.Refused, $"{host} is the link-local address {found[0]}, where clouds keep a machine's credentials; linkLocal: true allows it");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, stop).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
