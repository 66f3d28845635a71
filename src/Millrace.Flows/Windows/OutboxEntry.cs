using Millrace.Contracts.Records;

namespace Millrace.Flows.Windows;

/// <summary>A record on its way out: the row of a window that ended, or a message that came too late.</summary>
/// <param name="Number">Of the flow, from 1, never given twice.</param>
/// <param name="IsLate">To the stream of late messages; else to the flow's rows.</param>
internal sealed record OutboxEntry(long Number, bool IsLate, byte[] Topic, byte[] Key, byte[] Properties, byte[] Payload, RecordFlags Flags)
{
    public long Bytes => Topic.Length + Key.Length + Properties.Length + Payload.Length + 64;

    public Record Record => new() { Topic = Topic, Key = Key, Properties = Properties, Payload = Payload, Flags = Flags };

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64(Number);
        writer.Write(IsLate);
        writer.Write((byte)Flags);
        foreach (var part in (ReadOnlySpan<byte[]>)[Topic, Key, Properties, Payload])
        {
            writer.Write7BitEncodedInt(part.Length);
            writer.Write(part);
        }
    }

    public static OutboxEntry Read(BinaryReader reader)
    {
        var number = reader.Read7BitEncodedInt64();
        var late = reader.ReadBoolean();
        var flags = (RecordFlags)reader.ReadByte();
        return new OutboxEntry(number, late, Part(reader), Part(reader), Part(reader), Part(reader), flags);
    }

    private static byte[] Part(BinaryReader reader) => reader.ReadBytes(reader.Read7BitEncodedInt());
}
