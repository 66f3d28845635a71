using Millrace.Contracts.Records;

namespace Millrace.Flows.Live;

/// <summary>What a live view shows of the messages that pass: how many, and the last one. In memory; the log has the rest.</summary>
public sealed class LiveFeed
{
    private const int MaxPayload = 2048;

    private readonly Lock _gate = new();
    private long _messages;
    private LiveMessage? _last;

    /// <summary>Messages since the flow's first day.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    public LiveMessage? Last
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    internal void Begin(long messages) => Interlocked.Exchange(ref _messages, messages);

    internal void Show(RecordBatch batch)
    {
        var record = batch[batch.Count - 1];
        var payload = record.Payload;
        var message = new LiveMessage(
            System.Text.Encoding.UTF8.GetString(record.Topic),
            payload[..Math.Min(payload.Length, MaxPayload)].ToArray(),
            payload.Length,
            DateTimeOffset.UnixEpoch.AddTicks(record.ArrivalNs / 100));
        lock (_gate) _last = message;
        Interlocked.Add(ref _messages, batch.Count);
    }
}
