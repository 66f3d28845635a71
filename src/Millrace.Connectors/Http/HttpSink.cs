using System.Text.Json;
using Millrace.Connectors.Lanes;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Connectors.Http;

/// <summary>Posts records to a URL, one request after the other, so that they arrive in order. At least once: twice only after a crash.</summary>
public sealed class HttpSink : ISink
{
    private readonly HttpTarget _target;
    private readonly HttpSender _sender;
    private readonly HttpCallMaker _calls;
    private readonly HttpConfirmations? _confirmations;
    private readonly LaneMemory _memory;
    private readonly TimeProvider _clock;
    private readonly Queue<HttpGathered> _ready = new();
    private HttpGathered? _gathering;
    private long _write;

    /// <param name="target">See there.</param>
    /// <param name="client">The sink's alone.</param>
    /// <param name="memory">Of this lane.</param>
    /// <param name="confirmations">Null where the target has no confirmation URL.</param>
    /// <param name="clock">For time-outs and ages.</param>
    public HttpSink(HttpTarget target, HttpMessageInvoker client, LaneMemory memory, HttpConfirmations? confirmations, TimeProvider clock)
    {
        _target = target;
        _sender = new HttpSender(target, client, memory, clock);
        _calls = new HttpCallMaker(target);
        _confirmations = confirmations;
        _memory = memory;
        _clock = clock;
    }

    public async ValueTask<Checkpoint?> OpenAsync(CancellationToken stop)
    {
        if (_target.ConfirmationUrl is { } url && _confirmations is not null) await _confirmations.NeedAsync(url, _sender, stop).ConfigureAwait(false);
        await _sender.RestAsync(stop).ConfigureAwait(false);
        return null;
    }

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        _write++;
        var place = RecordPlace.None;
        for (var i = 0; i < batch.Count; i++)
        {
            place = RecordPlace.After(place, batch, i);
            if (_memory.IsSettled(place, i, outcomes)) continue;
            if (Prepare(batch, i, place, before, out var call) is { } why) Refuse(place, i, Fault.Unreadable, why, outcomes);
            else if (call is not null) await PostAsync(batch, i, place, call, outcomes, stop).ConfigureAwait(false);
            while (_ready.TryDequeue(out var full)) await PostAsync(full, outcomes, stop).ConfigureAwait(false);
        }
    }

    public async ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        if (_gathering is null) return reached;
        if (_clock.GetElapsedTime(_gathering.Began) < _target.Batching!.MaxAge) return _gathering.Before;
        var aged = _gathering;
        _gathering = null;
        await PostAsync(aged, null, stop).ConfigureAwait(false);
        return reached;
    }

    public ValueTask DisposeAsync()
    {
        _sender.Dispose();
        return default;
    }

    /// <param name="batch">Of the runner.</param>
    /// <param name="index">The record to prepare.</param>
    /// <param name="place">Of that record.</param>
    /// <param name="before">Where the flow stood before the batch.</param>
    /// <param name="call">To be made now; null where the record was gathered.</param>
    /// <returns>Why the record cannot be sent; null where it can.</returns>
    private string? Prepare(RecordBatch batch, int index, RecordPlace place, Checkpoint before, out HttpCall? call)
    {
        if (!_calls.TryMake(batch.Origin[batch.OriginOf(index)], out call, out var why)) return why;
        if (_target.Batching is not { } limits) return null;
        var payload = batch[index].Payload;
        if (!IsJson(payload)) return "the record is not JSON, and cannot stand in the array that batch makes";
        if (_gathering is { } full && (!full.Call.IsLike(call!) || full.Count >= limits.MaxRecords || full.Bytes + payload.Length + 1 > limits.MaxBytes))
        {
            _ready.Enqueue(full);
            _gathering = null;
        }

        _gathering ??= new HttpGathered(call!, before, _clock.GetTimestamp());
        _gathering.Add(place, _write, index, payload);
        if (_gathering.Count >= limits.MaxRecords)
        {
            _ready.Enqueue(_gathering);
            _gathering = null;
        }

        call = null;
        return null;
    }

    private async ValueTask PostAsync(RecordBatch batch, int index, RecordPlace place, HttpCall call, Outcomes outcomes, CancellationToken stop)
    {
        var payload = batch[index].Payload.ToArray();
        var request = call.ToRequest(payload, IsJson(payload), _target.Authorization);
        if (await _sender.SendAsync(place, request, stop).ConfigureAwait(false) is { } refusal) Refuse(place, index, Fault.Refused, refusal, outcomes);
        _memory.Delivered(place);
    }

    /// <param name="gathered">To be sent now.</param>
    /// <param name="outcomes">Of the write that is going on; null between writes.</param>
    /// <param name="stop">Ends the wait.</param>
    private async ValueTask PostAsync(HttpGathered gathered, Outcomes? outcomes, CancellationToken stop)
    {
        var entries = gathered.Entries;
        var request = gathered.Call.ToRequest(gathered.Close(), isJson: true, _target.Authorization);
        var refusal = await _sender.SendAsync(entries[0].Place, request, stop).ConfigureAwait(false);
        if (refusal is not null)
        {
            // Somewhere in it stands what the destination will not have. Each goes alone now, so that one does not take the others with it.
            var missed = 0;
            foreach (var entry in entries)
            {
                var alone = entries.Count == 1 ? refusal
                    : await _sender.SendAsync(entry.Place, gathered.Call.ToRequest(gathered.Alone(entry), isJson: true, _target.Authorization), stop).ConfigureAwait(false);
                if (alone is not null) missed += Refuse(entry, alone, outcomes);
                _memory.Delivered(entry.Place);
            }

            // Only the write that brought a record can tell the runner of it: so that write has to come again.
            if (missed > 0)
                throw new FaultException(Fault.Unavailable, $"the destination refused {missed} records that were gathered earlier: they are carried again, to be set aside ({refusal})");
        }

        _memory.Delivered(entries[^1].Place);
    }

    private int Refuse(HttpGathered.Entry entry, string reason, Outcomes? outcomes)
    {
        var current = entry.Write == _write ? outcomes : null;
        Refuse(entry.Place, entry.Index, Fault.Refused, reason, current);
        return current is null ? 1 : 0;
    }

    private void Refuse(RecordPlace place, int index, Fault fault, string reason, Outcomes? outcomes)
    {
        _memory.Refused(place, fault, reason);
        outcomes?.Refuse(index, fault, reason);
    }

    private static bool IsJson(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            while (reader.Read()) reader.TrySkip();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
