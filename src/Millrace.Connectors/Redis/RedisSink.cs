using System.Buffers;
using System.Globalization;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Connectors.Redis;

/// <summary>Carries out commands for each record, those of a batch in one go.</summary>
/// <remarks>
/// With a position, exactly once: a batch and the place where it ends are one transaction (MULTI … EXEC), so that Redis itself knows, after whatever
/// happened to it or to us, what it has. Without one, at least once.
/// </remarks>
public sealed class RedisSink : ISink
{
    private readonly RedisTarget _target;
    private readonly RedisCommands _commands;
    private readonly Func<CancellationToken, ValueTask<RedisConnection>> _connect;
    private readonly RedisPositions? _positions;
    private readonly string _lane;
    private readonly ArrayBufferWriter<byte> _out = new(16 * 1024);
    private readonly List<int> _owners = [];
    private RedisConnection? _redis;
    private byte[] _positionKey = [];
    private long _through = -1;
    private Checkpoint? _stored;

    /// <param name="target">See there.</param>
    /// <param name="positions">Null: at least once.</param>
    /// <param name="lane">The key of the lane's checkpoint.</param>
    /// <param name="clock">For time-outs.</param>
    public RedisSink(RedisTarget target, RedisPositions? positions, string lane, TimeProvider clock)
        : this(target, positions, lane, stop => RedisConnection.OpenAsync(target.Address, clock, stop))
    {
    }

    internal RedisSink(RedisTarget target, RedisPositions? positions, string lane, Func<CancellationToken, ValueTask<RedisConnection>> connect)
    {
        _target = target;
        _commands = new RedisCommands(target.Actions);
        _positions = positions;
        _lane = lane;
        _connect = connect;
    }

    public async ValueTask<Checkpoint?> OpenAsync(CancellationToken stop)
    {
        _redis = await _connect(stop).ConfigureAwait(false);
        if (_positions is null) return null;
        _positionKey = Encoding.UTF8.GetBytes(await _positions.KeyOfAsync(_lane).ConfigureAwait(false));
        _out.ResetWrittenCount();
        RespWriter.Begin(_out, 2);
        RespWriter.Argument(_out, "GET"u8);
        RespWriter.Argument(_out, _positionKey);
        var reply = await AskAsync(stop).ConfigureAwait(false);
        if (reply.Kind == RespKind.Null) return null;
        if (reply.Kind != RespKind.Bulk || !RedisPosition.TryParse(reply.Text, out var position))
        {
            throw new FaultException(
                Fault.Unavailable,
                $"{_target.Address} holds no position under {Encoding.UTF8.GetString(_positionKey)} that can be read ({reply.Text}): delete the key to go on from the flow's own checkpoint");
        }

        _through = position.Through;
        _stored = position.Before;
        return position.Before;
    }

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        if (IsDone(batch, 0)) await ProbeAsync(batch, outcomes, stop).ConfigureAwait(false);
        Prepare(batch, before, outcomes);
        if (_owners.Count == 0) return;
        var sending = _redis!.SendAsync(_out.WrittenMemory, stop);
        try
        {
            await (_positions is null ? AnswersAsync(isProbe: false, outcomes, stop) : TransactionAsync(outcomes, stop)).ConfigureAwait(false);
        }
        finally
        {
            // It still reads from our buffer.
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stored = null;
    }

    public async ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        if (_positions is null || _stored == reached) return reached;
        _out.ResetWrittenCount();
        Position(new RedisPosition(reached, reached.Offset));
        var reply = await AskAsync(stop).ConfigureAwait(false);
        if (reply.IsError) throw new FaultException(Fault.Unavailable, $"{_target.Address} answers to SET of the position: {reply.Text}");
        _stored = reached;
        return reached;
    }

    public ValueTask DisposeAsync() => _redis?.DisposeAsync() ?? default;

    /// <summary>Whether Redis says that the record was carried out, before this sink was opened. What has no place in a log cannot be recognised.</summary>
    private bool IsDone(RecordBatch batch, int index) => batch.Origin[batch.OriginOf(index)].Offset is >= 0 and var offset && offset < _through;

    /// <summary>The commands of all records that are not carried out yet, and whose they are.</summary>
    private void Prepare(RecordBatch batch, Checkpoint before, Outcomes outcomes)
    {
        _out.ResetWrittenCount();
        _owners.Clear();
        if (_positions is not null) Bare("MULTI"u8);
        for (var i = 0; i < batch.Count; i++)
        {
            if (IsDone(batch, i)) continue;
            var origin = batch.Origin[batch.OriginOf(i)];
            var count = _commands.Write(origin, batch[i].Payload, _out, out var why);
            if (count == 0) outcomes.Refuse(i, Fault.Unreadable, why);
            for (; count > 0; count--) _owners.Add(i);
        }

        if (_positions is null) return;
        Position(new RedisPosition(before, batch.Through));
        Bare("EXEC"u8);
    }

    private async Task AnswersAsync(bool isProbe, Outcomes outcomes, CancellationToken stop)
    {
        string? away = null;
        foreach (var owner in _owners)
        {
            var reply = await _redis!.ReadAsync(stop).ConfigureAwait(false);
            if (reply.IsError && !RedisErrors.IsOfTheRecord(reply.Text)) away ??= reply.Text;
            else Note(isProbe ? RedisCommands.OfProbe(reply) : reply, owner, outcomes);
        }

        if (away is not null) throw Unavailable(away);
    }

    private async Task TransactionAsync(Outcomes outcomes, CancellationToken stop)
    {
        string? away = null;

        // MULTI, each command and the SET of the position are queued; only then EXEC says what became of them.
        for (var i = 0; i < _owners.Count + 2; i++)
        {
            var queued = await _redis!.ReadAsync(stop).ConfigureAwait(false);
            if (queued.IsError) away ??= queued.Text;
        }

        var all = await _redis!.ReadAsync(stop).ConfigureAwait(false);
        if (all.Kind != RespKind.Array || all.Number != _owners.Count + 1) throw Unavailable(away ?? all.Text);
        foreach (var owner in _owners) Note(await _redis.ReadAsync(stop).ConfigureAwait(false), owner, outcomes);
        var position = await _redis.ReadAsync(stop).ConfigureAwait(false);
        if (position.IsError) throw Unavailable($"the position was not kept: {position.Text}");
    }

    /// <summary>
    /// Of records that were carried out in a transaction whose answers never came: what they were answered is asked again, by commands that change nothing.
    /// </summary>
    private async ValueTask ProbeAsync(RecordBatch batch, Outcomes outcomes, CancellationToken stop)
    {
        _out.ResetWrittenCount();
        _owners.Clear();
        for (var i = 0; i < batch.Count; i++)
        {
            if (!IsDone(batch, i)) break;
            var origin = batch.Origin[batch.OriginOf(i)];
            var count = _commands.Probe(origin, batch[i].Payload, _out, out var why);
            if (why.Length > 0) outcomes.Refuse(i, Fault.Unreadable, why);
            for (; count > 0; count--) _owners.Add(i);
        }

        if (_owners.Count == 0) return;
        var sending = _redis!.SendAsync(_out.WrittenMemory, stop);
        try
        {
            await AnswersAsync(isProbe: true, outcomes, stop).ConfigureAwait(false);
        }
        finally
        {
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Note(RedisReply reply, int owner, Outcomes outcomes)
    {
        if (!reply.IsError) return;
        var known = outcomes.Refusals;
        if (known.Count == 0 || known[^1].Index != owner) outcomes.Refuse(owner, Fault.Refused, $"Redis answers {reply.Text}");
    }

    private async ValueTask<RedisReply> AskAsync(CancellationToken stop)
    {
        await _redis!.SendAsync(_out.WrittenMemory, stop).ConfigureAwait(false);
        return await _redis.ReadAsync(stop).ConfigureAwait(false);
    }

    private void Position(RedisPosition position)
    {
        RespWriter.Begin(_out, 3);
        RespWriter.Argument(_out, "SET"u8);
        RespWriter.Argument(_out, _positionKey);
        RespWriter.Argument(_out, Encoding.ASCII.GetBytes(position.ToText()));
    }

    private void Bare(ReadOnlySpan<byte> command)
    {
        RespWriter.Begin(_out, 1);
        RespWriter.Argument(_out, command);
    }

    private FaultException Unavailable(string answer) => new(Fault.Unavailable, string.Create(CultureInfo.InvariantCulture, $"{_target.Address} answers {answer}"));
}
