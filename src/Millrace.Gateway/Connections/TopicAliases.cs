namespace Millrace.Gateway.Connections;

/// <summary>The topics that a client gave numbers to on this connection (MQTT 5 section 3.3.2.3.4).</summary>
internal sealed class TopicAliases(int maximum)
{
    private byte[]?[] _topics = [];

    /// <returns>False where the number is out of range. [MQTT-3.3.2-8], [MQTT-3.3.2-9]</returns>
    public bool TrySet(uint alias, ReadOnlySpan<byte> topic)
    {
        if (alias == 0 || alias > maximum) return false;
        if (_topics.Length < alias) Array.Resize(ref _topics, (int)alias);
        if (!topic.SequenceEqual(_topics[alias - 1])) _topics[alias - 1] = topic.ToArray();
        return true;
    }

    /// <returns>Null where the number stands for nothing.</returns>
    public byte[]? Find(uint alias) => alias == 0 || alias > _topics.Length ? null : _topics[alias - 1];
}
