using Confluent.Kafka;
using Millrace.Connectors.Lanes;

namespace Millrace.Connectors.Kafka;

/// <summary>What became of messages that were given to the client. The client's thread reports, the sink waits.</summary>
internal sealed class KafkaDeliveries
{
    private readonly Lock _gate = new();
    private readonly List<(RecordPlace Place, string Reason)> _refused = [];
    private int _outstanding;
    private string? _away;
    private string? _lastError;
    private TaskCompletionSource? _drained;

    /// <summary>A failure that is not one record's: everything since the last commit goes out again.</summary>
    public string? Away
    {
        get
        {
            lock (_gate) return _away;
        }
    }

    /// <summary>Before the message is given to the client.</summary>
    public void Sending()
    {
        lock (_gate) _outstanding++;
    }

    /// <summary>The client did not take it.</summary>
    public void NotSent() => Settle(null, RecordPlace.None);

    public void Reported(RecordPlace place, Error error) => Settle(error, place);

    /// <summary>What the client says about its connections, which alone is no failure.</summary>
    public void Says(string error)
    {
        lock (_gate) _lastError = error;
    }

    /// <summary>Ends when none is outstanding, or something failed.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_outstanding == 0 || _away is not null) return Task.CompletedTask;
            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>The records that Kafka will not have, and forgets them.</summary>
    public IReadOnlyList<(RecordPlace Place, string Reason)> TakeRefused()
    {
        lock (_gate)
        {
            (RecordPlace, string)[] taken = [.. _refused];
            _refused.Clear();
            return taken;
        }
    }

    /// <summary>Whether a failure is the fault of the one message it is about.</summary>
    public static bool IsOfTheRecord(Error error) => error.Code is
        ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord or ErrorCode.PolicyViolation or ErrorCode.TopicException
        or ErrorCode.Local_UnknownPartition or ErrorCode.Local_InvalidArg;

    private void Settle(Error? error, RecordPlace place)
    {
        lock (_gate)
        {
            _outstanding--;
            if (error is { IsError: true } && IsOfTheRecord(error)) _refused.Add((place, error.Reason));
            else if (error is { IsError: true }) _away ??= _lastError is { } more && more != error.Reason ? $"{error.Reason} ({more})" : error.Reason;
            if (_outstanding > 0 && _away is null) return;
            _drained?.TrySetResult();
        }
    }
}
