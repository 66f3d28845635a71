using System.Buffers;

namespace Millrace.Gateway.Sessions;

/// <summary>A copy of a message that subscribers shall see once it is safe, in pooled memory.</summary>
internal sealed class KeptMessage
{
    private readonly byte[] _bytes;
    private readonly int _topicLength;
    private readonly int _propertiesLength;
    private readonly int _length;
    private readonly byte _qos;
    private readonly object? _publisher;

    public KeptMessage(in Message message)
    {
        (_topicLength, _propertiesLength) = (message.Topic.Length, message.Properties.Length);
        (_qos, _publisher) = (message.Qos, message.Publisher);
        _length = _topicLength + _propertiesLength + message.Payload.Length;
        _bytes = ArrayPool<byte>.Shared.Rent(_length);
        message.Topic.CopyTo(_bytes);
        message.Properties.CopyTo(_bytes.AsSpan(_topicLength));
        message.Payload.CopyTo(_bytes.AsSpan(_topicLength + _propertiesLength));
    }

    public Message View => new()
    {
        Topic = _bytes.AsSpan(0, _topicLength),
        Properties = _bytes.AsSpan(_topicLength, _propertiesLength),
        Payload = _bytes.AsSpan(_topicLength + _propertiesLength, _length - _topicLength - _propertiesLength),
        Qos = _qos,
        Publisher = _publisher,
    };

    /// <summary>Gives the memory back. Once.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(_bytes);
}
