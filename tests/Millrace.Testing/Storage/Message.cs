using Millrace.Contracts.Records;

namespace Millrace.Testing.Storage;

/// <summary>A record that owns its bytes, so that a test can keep it and compare.</summary>
public sealed record Message(byte[] Topic, byte[] Key, byte[] Properties, byte[] Payload, RecordFlags Flags)
{
    public Record AsRecord() => new() { Topic = Topic, Key = Key, Properties = Properties, Payload = Payload, Flags = Flags, Offset = -1 };

    public bool Is(in Record record) =>
        record.Topic.SequenceEqual(Topic) && record.Key.SequenceEqual(Key) && record.Properties.SequenceEqual(Properties)
        && record.Payload.SequenceEqual(Payload) && record.Flags == Flags;
}
