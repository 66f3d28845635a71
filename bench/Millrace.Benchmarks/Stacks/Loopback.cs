using System.Net;
using System.Net.Sockets;

namespace Millrace.Benchmarks.Stacks;

/// <summary>Addresses on this machine alone.</summary>
internal static class Loopback
{
    /// <summary>Ports that were free a moment ago, each another one.</summary>
    public static IPEndPoint[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            foreach (var listener in listeners) listener.Start();
            return [.. listeners.Select(static l => (IPEndPoint)l.LocalEndpoint)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }

    public static async Task<bool> AcceptsAsync(IPEndPoint server)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(server);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
