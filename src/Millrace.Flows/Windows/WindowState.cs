using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Steps;
using Millrace.Sql.Payload;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Windows;

namespace Millrace.Flows.Windows;

/// <summary>The windows of one flow, which the sinks of all partitions of its source fill.</summary>
/// <remarks>
/// A snapshot holds the windows, how far each partition was read for them, and what is to go out; it replaces the one before it as a whole. Nothing goes out that is
/// not in a snapshot: what a crash undoes was never seen. Calls wait for each other.
/// </remarks>
internal sealed partial class WindowState
{
    /// <summary>A clock further ahead of the arrival is wrong, and must not end everybody's windows.</summary>
    private const long MostAheadNs = 15 * 60 * 1_000_000_000L;

    /// <summary>1701, so that windows begin and end within what nanoseconds can say.</summary>
    private const long EarliestNs = -8_488_000_000_000_000_000;

    private const long MostWaitingBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan SnapshotEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuietSnapshotEvery = TimeSpan.FromSeconds(10);

    // Of ten seconds at most one goes into snapshots, however large they are.
    private const int SnapshotShare = 10;

    private readonly WindowSettings _settings;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly WindowRowReader _reader;
    private readonly RuleContext _context;
    private readonly ArrayBufferWriter<byte> _text = new(256);
    private readonly ArrayBufferWriter<byte> _row = new(1024);
    private readonly byte[] _topic;
    private readonly Checkpoint?[] _durable;
    private WindowContent? _content;
    private volatile WindowStatus _status;
    private bool _changed;
    private bool _moved;
    private long _savedAt;
    private TimeSpan _saveTook;
    private long _savedBytes;
    private int _sinks;

    public WindowState(WindowSettings settings)
    {
        _settings = settings;
        _logger = settings.Logger;
        _reader = settings.Plan.NewReader();
        _context = new RuleContext(settings.Clock);
        _topic = Encoding.UTF8.GetBytes(settings.Flow);
        _durable = new Checkpoint?[settings.Partitions];
        _status = new WindowStatus(settings.Flow, 0, null, null, 0, 0, 0, 0, 0);
    }

    public WindowStatus Status => _status;

    /// <summary>A sink begins: it goes on where the windows stand, which after a failure of its runner is where they are in memory.</summary>
    public async ValueTask<Checkpoint?> OpenAsync(int partition, CancellationToken stop)
    {
        await _gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (_content is null) Load();
            _sinks++;
            _settings.Registry?.Add(_settings.Flow, this);
            var place = _content!.Places[partition];
            return place.Known ? place.Settled : null;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask WriteAsync(int partition, RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        await _gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var content = _content!;
            var place = content.Places[partition];
            place.Settle(before);
            for (var i = 0; i < batch.Count; i++) Take(content, partition, place.Taken, batch, i, outcomes);
            place.Taken = Math.Max(place.Taken, batch.Origin[batch.OriginOf(batch.Count - 1)].Offset + 1);
            content.Places[partition] = place;
            _changed = true;
            if (content.Outbox.Bytes > MostWaitingBytes) await SaveAsync(content, stop).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <returns>What the last snapshot covers, where that has moved.</returns>
    public async ValueTask<Checkpoint?> CommitAsync(int partition, Checkpoint reached, CancellationToken stop)
    {
        await _gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var content = _content!;
            if (!content.Places[partition].Known || content.Places[partition].Settled.Offset != reached.Offset) _moved = true;
            content.Places[partition].Settle(reached);
            content.Watermark.Tick();
            foreach (var window in content.Open.Close(content.Watermark.Ns)) Emit(content, _settings.Plan, window);
            if (IsDue(content)) await SaveAsync(content, stop).ConfigureAwait(false);
            else await content.Outbox.DeliverAsync(LogRefused, stop).ConfigureAwait(false);
            Tell(content);
            return _durable[partition];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A sink ends.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _sinks) == 0) _settings.Registry?.Remove(_settings.Flow, this);
    }

    private void Take(WindowContent content, int partition, long taken, RecordBatch batch, int index, Outcomes outcomes)
    {
        var message = batch.Origin[batch.OriginOf(index)];
        if (!_reader.TryRead(batch[index].Payload, out var row, out var problem))
        {
            outcomes.Refuse(index, Fault.Refused, problem);
            return;
        }

        if (TimeOf(row, message, out var time) is { } wrong)
        {
            outcomes.Refuse(index, Fault.Unreadable, wrong);
            return;
        }

        // A batch that failed behind the windows comes again; they have it already.
        if (message.Offset < taken) return;

        // The row is judged by what was known before it: it cannot make itself late.
        var order = new RowOrder(time, message.ArrivalNs, partition, message.Offset);
        switch (content.Open.Add(row, order, content.Watermark.Ns, _settings.Options.MaxGroups))
        {
            case Placement.Late:
                content.Late++;
                content.Outbox.AddLate(message);
                break;
            case Placement.NoRoom:
                content.NoRoom++;
                outcomes.Refuse(
                    index, Fault.Refused, $"{_settings.Options.MaxGroups} groups are in open windows, as many as window.maxGroups allows, and this message would open another");
                break;
        }

        content.Watermark.Observe(partition, time);
    }

    /// <returns>What is wrong; null where there is a time.</returns>
    private string? TimeOf(in WindowRow row, in Record message, out long time)
    {
        time = message.ArrivalNs;
        if (_settings.Options.Time is not { } where) return null;
        if (FieldTime.Read(row.Time, row.TimeText, where.Unit, out time) is { } wrong) return $"field '{where.Field}': {wrong}";
        if (time < EarliestNs) return $"field '{where.Field}': the time is before 1701";
        if (time - MostAheadNs > message.ArrivalNs) time = message.ArrivalNs;
        return null;
    }

    private void Emit(WindowContent content, WindowPlan plan, in ClosedWindow window)
    {
        _row.ResetWrittenCount();
        if (!plan.TryEmit(window.Key, window.Values, window.StartNs, window.EndNs, _context, _row))
        {
            LogNoRow(_settings.Flow, _context.Reason);
            return;
        }

        _text.ResetWrittenCount();
        WindowPlan.WriteKeyText(window.Key, _text);
        content.Outbox.AddRow(_topic, _text.WrittenSpan.ToArray(), _row.WrittenSpan.ToArray());
        content.Emitted++;
        _changed = true;
    }

    private bool IsDue(WindowContent content)
    {
        var since = _settings.Clock.GetElapsedTime(_savedAt);
        if (since < SnapshotEvery || since < _saveTook * SnapshotShare) return false;
        return _changed || content.Outbox.HasUnsaved || (_moved && since >= QuietSnapshotEvery);
    }

    private async ValueTask SaveAsync(WindowContent content, CancellationToken stop)
    {
        // What an earlier snapshot holds goes out first: this one could not say any more where to look for it.
        await content.Outbox.DeliverAsync(LogRefused, stop).ConfigureAwait(false);
        var began = _settings.Clock.GetTimestamp();
        using (var bytes = WindowSnapshot.Write(_settings, content))
        {
            _settings.Store.Save(_settings.Flow, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            _savedBytes = bytes.Length;
        }

        _savedAt = _settings.Clock.GetTimestamp();
        _saveTook = _settings.Clock.GetElapsedTime(began, _savedAt);
        (_changed, _moved) = (false, false);
        content.Outbox.Saved();
        for (var i = 0; i < _durable.Length; i++)
            if (content.Places[i].Known) _durable[i] = content.Places[i].Settled;
        await content.Outbox.DeliverAsync(LogRefused, stop).ConfigureAwait(false);
    }

    private void Load()
    {
        var content = new WindowContent(_settings);
        _savedAt = _settings.Clock.GetTimestamp();
        if (_settings.Store.Load(_settings.Flow) is { } saved)
        {
            _savedBytes = saved.Length;
            if (WindowSnapshot.Read(saved, _settings, content) is var (plan, windows)) CloseReplaced(content, plan, windows);
            for (var i = 0; i < _durable.Length; i++)
                if (content.Places[i].Known) _durable[i] = content.Places[i].Settled;
        }

        _content = content;
        Tell(content);
    }

    /// <summary>Windows of a statement that was replaced by one that groups differently: they end now, as that statement says.</summary>
    private void CloseReplaced(WindowContent content, WindowPlan? plan, OpenWindows? windows)
    {
        if (plan is null || windows is null)
        {
            LogDropped(_settings.Flow);
            return;
        }

        var open = windows.Count;
        foreach (var window in windows.Close(long.MaxValue)) Emit(content, plan, window);
        LogReplaced(_settings.Flow, open);
    }

    private void Tell(WindowContent content) => _status = new WindowStatus(
        _settings.Flow, content.Open.Count, TimeAt(content.Watermark.Ns), content.Open.OldestNs is { } oldest ? TimeAt(oldest) : null,
        content.Emitted, content.Late, content.NoRoom, content.Outbox.Count, _savedBytes);

    private static DateTimeOffset? TimeAt(long ns) => ns == long.MinValue ? null : DateTimeOffset.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick);

    private void LogRefused(string reason) => LogRowRefused(_settings.Flow, reason);

    [LoggerMessage(EventId = 320, Level = LogLevel.Error, Message = "A row of a window of flow {Flow}, or a late message, is not taken by its log: {Reason}")]
    private partial void LogRowRefused(string flow, string reason);

    [LoggerMessage(EventId = 321, Level = LogLevel.Error, Message = "A window of flow {Flow} ended and gave no row: {Reason}")]
    private partial void LogNoRow(string flow, string reason);

    [LoggerMessage(
        EventId = 322, Level = LogLevel.Warning,
        Message = "The statement of flow {Flow} groups differently from now on: {Open} open windows of the one before ended early, with what was in them")]
    private partial void LogReplaced(string flow, int open);

    [LoggerMessage(
        EventId = 323, Level = LogLevel.Error,
        Message = "The statement of flow {Flow} groups differently from now on, and the one before does not compile any more: its open windows are dropped")]
    private partial void LogDropped(string flow);
}
