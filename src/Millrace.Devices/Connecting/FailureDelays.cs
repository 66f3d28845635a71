using System.Net;
using System.Net.Sockets;

namespace Millrace.Devices.Connecting;

/// <summary>How long to keep those waiting who have failed to say who they are: longer each time, by address. Any thread may call.</summary>
internal sealed class FailureDelays(TimeProvider clock)
{
    /// <summary>Where more addresses have failed within a minute, the one that has waited longest for another failure is forgotten.</summary>
    public const int MaxAddresses = 10_000;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Failures>> _byAddress = new(StringComparer.Ordinal);
    private readonly LinkedList<Failures> _oldestFirst = new();

    /// <summary>Notes a failure.</summary>
    /// <returns>How long its answer has to wait.</returns>
    public TimeSpan Next(string address)
    {
        var key = KeyOf(address);
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            while (_oldestFirst.First is { } oldest && (_byAddress.Count > MaxAddresses || clock.GetElapsedTime(oldest.Value.Last, now) > Memory))
                Remove(oldest);
            var count = 0;
            if (_byAddress.TryGetValue(key, out var known))
            {
                count = known.Value.Count;
                Remove(known);
            }

            _byAddress[key] = _oldestFirst.AddLast(new Failures(key, count + 1, now));
            return First * (1 << Math.Min(count, 10)) is var delay && delay < Longest ? delay : Longest;
        }
    }

    /// <summary>Of an IPv6 address its network: whoever has one address there has 2^64.</summary>
    private static string KeyOf(string address) =>
        IPAddress.TryParse(address, out var ip) && ip is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(ip.GetAddressBytes().AsSpan(0, 8))
            : address;

    private void Remove(LinkedListNode<Failures> node)
    {
        _oldestFirst.Remove(node);
        _byAddress.Remove(node.Value.Key);
    }

    private readonly record struct Failures(string Key, int Count, long Last);
}
