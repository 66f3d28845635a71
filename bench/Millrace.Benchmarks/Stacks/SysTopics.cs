using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Millrace.Benchmarks.Load;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Stacks;

/// <summary>The counts that a broker publishes about itself below <c>$SYS</c>.</summary>
internal static class SysTopics
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads until one of them has come to what is expected, or for five seconds.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> ReadAsync(
        IPEndPoint broker, IReadOnlyList<string> topics, string decisive, long expected, CancellationToken stop)
    {
        var counts = new Dictionary<string, long>();
        using var network = new TcpClient();
        await network.ConnectAsync(broker, stop);
        var stream = network.GetStream();
        await stream.WriteAsync(MqttPackets.Connect("bench-counts"), stop);
        foreach (var topic in topics) await stream.WriteAsync(MqttPackets.Subscribe(topic, qos: 0), stop);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        var bytes = new byte[4096];
        var used = 0;
        try
        {
            while (counts.GetValueOrDefault(decisive, -1) < expected || counts.Count < topics.Count)
            {
                var count = await stream.ReadAsync(bytes.AsMemory(used), limit.Token);
                if (count == 0) throw new FaultException(Fault.Unavailable, "the broker closed the connection that reads its $SYS topics");
                used = Take(bytes, used + count, counts);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Then it is what it is.
        }

        return counts;
    }

    /// <returns>Bytes left over.</returns>
    private static int Take(byte[] bytes, int used, Dictionary<string, long> counts)
    {
        var at = 0;
        while (MqttPackets.LengthOf(bytes.AsSpan(at, used - at), out var bodyAt) is var length and > 0 && length <= used - at)
        {
            var packet = bytes.AsSpan(at, length);
            if ((packet[0] & MqttPackets.TypeMask) == MqttPackets.PublishType)
            {
                var topicLength = BinaryPrimitives.ReadUInt16BigEndian(packet[bodyAt..]);
                var topic = Encoding.UTF8.GetString(packet.Slice(bodyAt + 2, topicLength));
                counts[topic] = long.Parse(packet[(bodyAt + 2 + topicLength)..], CultureInfo.InvariantCulture);
            }

            at += length;
        }

        bytes.AsSpan(at..used).CopyTo(bytes);
        return used - at;
    }
}
