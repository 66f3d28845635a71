namespace Millrace.Gateway.Connections;

/// <summary>The topics that a client gave numbers to on this connection (MQTT 5 section 3.3.2.3.4). Numbers are from 1 to the maximum that was told.</summary>
internal sealed class TopicAliases
{
    private byte[]?[] _topics = [];

    public void Set(uint alias, ReadOnlySpan<byte> topic)
    {
        if (_topics.Length < alias) Array.Resize(ref _topics, (int)alias);
        if (!topic.SequenceEqual(_topics[alias - 1])) _topics[alias - 1] = topic.ToArray();
    }

    /// <returns>Null where the number stands for nothing.</returns>
    public byte[]? Find(uint alias) => alias > _topics.Length ? null : _topics[alias - 1];
}
