using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Confluent.Kafka;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Connectors.Kafka;

/// <summary>Makes messages out of a target's templates.</summary>
internal sealed class KafkaMessageMaker(KafkaTarget target)
{
    /// <summary>Kafka's own.</summary>
    private const int MaxTopic = 249;

    private static readonly SearchValues<byte> TopicBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"u8);

    private readonly ArrayBufferWriter<byte> _text = new(256);

    /// <param name="origin">The message as it was published.</param>
    /// <param name="payload">What the statement made of it; copied.</param>
    /// <param name="where">Topic and partition.</param>
    /// <param name="message">With key, headers and value.</param>
    /// <returns>Why there is none; null where there is.</returns>
    public string? TryMake(in Record origin, ReadOnlySpan<byte> payload, out TopicPartition where, out Message<byte[]?, byte[]> message)
    {
        where = new TopicPartition("", Partition.Any);
        message = new Message<byte[]?, byte[]>();
        if (Render(target.Topic, origin) is { } noTopic) return $"the topic: {noTopic}";
        var topic = _text.WrittenSpan;
        if (topic.Length is 0 or > MaxTopic || topic.ContainsAnyExcept(TopicBytes))
            return $"the topic must have 1 to {MaxTopic} letters, digits, points, _ and -";
        var name = Encoding.ASCII.GetString(topic);
        if (target.Key is { } key)
        {
            if (Render(key, origin) is { } noKey) return $"the key: {noKey}";
            message.Key = _text.WrittenSpan.ToArray();
        }

        var partition = Partition.Any;
        if (target.Partition is { } by)
        {
            if (Render(by, origin) is { } noPartition) return $"the partition: {noPartition}";
            if (!Utf8Parser.TryParse(_text.WrittenSpan, out int number, out var used) || used != _text.WrittenCount || number < 0)
                return "the partition is not a whole number from 0 on";
            partition = new Partition(number);
        }

        if (Headers(origin, message) is { } noHeader) return noHeader;
        message.Value = payload.ToArray();
        where = new TopicPartition(name, partition);
        return null;
    }

    private string? Headers(in Record origin, Message<byte[]?, byte[]> message)
    {
        if (target.Headers.Count == 0) return null;
        message.Headers = [];
        foreach (var (key, value) in target.Headers)
        {
            if (Render(value, origin) is { } reason) return $"the header {key}: {reason}";
            message.Headers.Add(key, _text.WrittenSpan.ToArray());
        }

        return null;
    }

    private string? Render(IRecordText text, in Record origin)
    {
        _text.ResetWrittenCount();
        return text.TryRender(origin, _text, out var reason) ? null : reason;
    }
}
