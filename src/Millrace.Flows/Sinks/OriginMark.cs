using System.Buffers.Binary;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Sinks;

/// <summary>What stands behind the properties of a record that a flow put into a stream: from which record of its source it was made.</summary>
/// <param name="Lane">Of <see cref="StreamOrigins"/>.</param>
/// <param name="Offset">Of the record in the lane's source.</param>
/// <param name="Index">Among those that were made of that one.</param>
internal readonly record struct OriginMark(long Lane, long Offset, int Index)
{
    public const int Size = 1 + sizeof(ushort) + Length;
    private const int Length = sizeof(long) + sizeof(long) + sizeof(int);

    public void Write(Span<byte> into)
    {
        into[0] = MessageProperty.Origin;
        BinaryPrimitives.WriteUInt16BigEndian(into[1..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(into[3..], Lane);
        BinaryPrimitives.WriteInt64LittleEndian(into[11..], Offset);
        BinaryPrimitives.WriteInt32LittleEndian(into[19..], Index);
    }

    /// <returns>False where no mark stands at the end.</returns>
    public static bool TryRead(ReadOnlySpan<byte> properties, out OriginMark mark)
    {
        mark = default;
        if (properties.Length < Size) return false;
        var bytes = properties[^Size..];
        if (bytes[0] != MessageProperty.Origin || BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]) != Length) return false;
        mark = new OriginMark(BinaryPrimitives.ReadInt64LittleEndian(bytes[3..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[11..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[19..]));
        return true;
    }

    /// <summary>The properties without the mark of the flow that wrote them before.</summary>
    public static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> properties) => TryRead(properties, out _) ? properties[..^Size] : properties;
}
