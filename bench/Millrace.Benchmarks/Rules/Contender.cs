using System.Buffers;

namespace Millrace.Benchmarks.Rules;

/// <summary>One way to do what a statement says. For one thread; what it works with is made once, not for each message.</summary>
internal abstract class Contender
{
    protected ArrayBufferWriter<byte> Output { get; } = new(4096);

    /// <returns>The payload itself, or what was made of it, good until the next message; empty where there is nothing to pass on.</returns>
    public abstract ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload);

    /// <summary>So many messages, those given again and again.</summary>
    /// <returns>The bytes of all outputs.</returns>
    public long Apply(Message[] messages, int count)
    {
        var bytes = 0L;
        for (var i = 0; i < count; i++)
        {
            var message = messages[i % messages.Length];
            bytes += Apply(message.Topic, message.Payload).Length;
        }

        return bytes;
    }
}
