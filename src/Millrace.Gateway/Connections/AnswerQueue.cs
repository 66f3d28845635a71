using System.Buffers;
using Millrace.Contracts.Documents;

namespace Millrace.Gateway.Connections;

/// <summary>Answers that may go out only when a document is safe, in their order.</summary>
internal sealed class AnswerQueue(Connection connection) : IWriteListener
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Number, byte[] Packet, Action? Then)> _waiting = new();
    private long _written;

    /// <summary>Sends a packet when a write is safe.</summary>
    /// <param name="number">Of the write.</param>
    /// <param name="packet">The whole of it.</param>
    /// <param name="then">What follows it; null for nothing.</param>
    public void Add(long number, byte[] packet, Action? then)
    {
        lock (_gate) _waiting.Enqueue((number, packet, then));
        SendSafe();
    }

    public void Written(long number)
    {
        lock (_gate) _written = Math.Max(_written, number);
        SendSafe();
    }

    private void SendSafe()
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out var answer) && answer.Number <= _written)
            {
                _waiting.Dequeue();
                connection.SendPacket(answer.Packet);
                answer.Then?.Invoke();
            }
        }

        connection.WriteOutput();
    }
}
