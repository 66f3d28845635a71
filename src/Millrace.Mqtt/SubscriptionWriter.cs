using System.Buffers;
using System.Buffers.Binary;

namespace Millrace.Mqtt;

/// <summary>Lays out the filters of a SUBSCRIBE or UNSUBSCRIBE.</summary>
public static class SubscriptionWriter
{
    /// <summary>A filter and its options, as SUBSCRIBE lists them.</summary>
    public static void Add(IBufferWriter<byte> list, ReadOnlySpan<byte> filter, byte options)
    {
        Add(list, filter);
        list.Write([options]);
    }

    /// <summary>A filter, as UNSUBSCRIBE lists them.</summary>
    public static void Add(IBufferWriter<byte> list, ReadOnlySpan<byte> filter)
    {
        BinaryPrimitives.WriteUInt16BigEndian(list.GetSpan(2), checked((ushort)filter.Length));
        list.Advance(2);
        list.Write(filter);
    }
}
