using Millrace.Contracts.Records;

namespace Millrace.Flows.Live;

/// <summary>What a live view shows of the messages that pass: how many, and the last one. In memory; the log has the rest.</summary>
public sealed class LiveFeed
{
    private const int MaxPayload = 2048;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _before = new(StringComparer.Ordinal);
    private long _passed;
    private LiveMessage? _last;

    /// <summary>Messages since the first day of the flows that end here.</summary>
    public long Messages
    {
        get
        {
            lock (_gate) return _before.Values.Sum() + _passed;
        }
    }

    /// <summary>Messages since the server was started: what a rate is made of.</summary>
    public long Passed
    {
        get
        {
            lock (_gate) return _passed;
        }
    }

    public LiveMessage? Last
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    /// <summary>A runner begins: what it showed before the server was started counts once, however often it begins.</summary>
    internal void Begin(string runner, long messages)
    {
        lock (_gate) _before.TryAdd(runner, messages);
    }

    internal void Show(RecordBatch batch)
    {
        var message = MessageOf(batch[batch.Count - 1]);
        lock (_gate)
        {
            _last = message;
            _passed += batch.Count;
        }
    }

    /// <summary>Shows a message of an earlier day, counted then, where nothing newer has come.</summary>
    internal void Recall(Record record)
    {
        var message = MessageOf(record);
        lock (_gate)
        {
            if (_last is null || _last.At < message.At) _last = message;
        }
    }

    private static LiveMessage MessageOf(Record record)
    {
        var payload = record.Payload;
        return new LiveMessage(
            System.Text.Encoding.UTF8.GetString(record.Topic),
            payload[..Math.Min(payload.Length, MaxPayload)].ToArray(),
            payload.Length,
            DateTimeOffset.UnixEpoch.AddTicks(record.ArrivalNs / 100));
    }
}
