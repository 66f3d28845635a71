using Millrace.Contracts;

namespace Millrace.Benchmarks.Load;

/// <summary>Publishers and subscribers over plain TCP. One thread, one loop, no allocation for a message.</summary>
internal sealed class EpollLoad : ILoad
{
    // With a subscriber, messages between publisher and subscriber: half of what a broker must be ready to hold for one that reads slowly, so that none
    // has a reason to drop what is published with QoS 0.
    private const int MostUndelivered = 2500;
    private static readonly long ReportEveryNs = 100_000_000;
    private static readonly long PatienceNs = 30_000_000_000;

    private readonly LoadOptions _options;
    private readonly Action<long> _progress;
    private readonly Publisher[] _publishers;
    private readonly LoadSocket[] _sockets;
    private readonly Epoll _epoll = new();
    private readonly LoadTally _tally = new();
    private readonly TimeText _time = new();
    private readonly int[] _ready = new int[256];
    private readonly int _deliveriesOfOne;

    // Publishers with room that wait for deliveries.
    private readonly Queue<int> _held = new();
    private readonly bool[] _isHeld;

    private long _startNs;
    private int _next;

    /// <param name="options">Checked.</param>
    /// <param name="progress">Told the number of acknowledgements some ten times a second, on the calling thread.</param>
    public EpollLoad(LoadOptions options, Action<long> progress)
    {
        _options = options;
        _progress = progress;
        _deliveriesOfOne = options.Subscription?.Deliveries ?? 0;
        _publishers = [.. Enumerable.Range(0, options.Shape.Connections).Select(i => new Publisher(i, options.Shape.Window, options.Qos, _tally))];
        _isHeld = new bool[_publishers.Length];
        var subscribers = Enumerable.Range(0, options.Subscription?.Subscribers ?? 0).Select(i => new Subscriber(i, options.Subscription!, _tally));
        _sockets = [.. _publishers.Concat<LoadClient>(subscribers).Select(static client => new LoadSocket(client))];
    }

    private bool MayPublish =>
        _tally.Sent < _options.Messages
        && (_deliveriesOfOne == 0 || (_tally.Sent * _deliveriesOfOne) - _tally.Delivered < (long)MostUndelivered * _deliveriesOfOne);

    public void Connect(CancellationToken stop)
    {
        for (var i = 0; i < _sockets.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            _sockets[i].Connect(_options.Connect);
            _epoll.Watch(_sockets[i].Socket, i);
        }
    }

    public Task<LoadLine> RunAsync(CancellationToken stop) => Task.FromResult(Run(stop));

    public void Dispose()
    {
        foreach (var socket in _sockets) socket.Dispose();
        _epoll.Dispose();
    }

    private LoadLine Run(CancellationToken stop)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        _startNs = _tally.ReadClock();
        var reportNs = _startNs;

        if (_options.Rate == 0)
            for (var i = 0; i < _publishers.Length; i++) Fill(i);

        while (_tally.Acknowledged < _options.Messages || _tally.Delivered < _options.Deliveries)
        {
            stop.ThrowIfCancellationRequested();
            if (_options.Rate > 0) PublishWhatIsDue();
            Serve(waitMs: _options.Rate > 0 ? 1 : 100);

            var now = _tally.ReadClock();
            if (now - reportNs < ReportEveryNs) continue;
            reportNs = now;
            _progress(_tally.Acknowledged);
            if (now - Math.Max(_tally.LastNs, _startNs) > PatienceNs) throw Silent();
        }

        return LoadLine.Of(_tally, _startNs, Environment.CpuUsage.TotalTime - cpu);
    }

    private void Serve(int waitMs)
    {
        var count = _epoll.Wait(_ready, waitMs);
        for (var i = 0; i < count; i++)
        {
            var number = _ready[i];
            _sockets[number].Receive(_tally);
            if (number < _publishers.Length && _options.Rate == 0) Fill(number);
            else Send(number);
        }

        while (MayPublish && _held.TryDequeue(out var number))
        {
            _isHeld[number] = false;
            Fill(number);
        }
    }

    /// <summary>As many messages as the publisher may have in flight, in one write.</summary>
    private void Fill(int number)
    {
        var publisher = _publishers[number];
        var now = _tally.ReadClock();
        while (publisher.HasRoom && MayPublish) publisher.Publish(now, _time);
        if (publisher.HasRoom && _tally.Sent < _options.Messages && !_isHeld[number])
        {
            _isHeld[number] = true;
            _held.Enqueue(number);
        }

        publisher.EndBatch();
        Send(number);
    }

    // A message that is late counts from when it was due: a server that stops for a moment is charged for all that waited.
    private void PublishWhatIsDue()
    {
        var due = Math.Min(_options.Messages, (long)((_tally.ReadClock() - _startNs) / 1e9 * _options.Rate));
        while (_tally.Sent < due && TryFindRoom())
        {
            _publishers[_next].Publish(_startNs + (long)(_tally.Sent * (1e9 / _options.Rate)), _time);
            _publishers[_next].EndBatch();
            Send(_next);
            _next = (_next + 1) % _publishers.Length;
        }
    }

    private bool TryFindRoom()
    {
        for (var i = 0; i < _publishers.Length; i++)
        {
            if (_publishers[_next].HasRoom) return true;
            _next = (_next + 1) % _publishers.Length;
        }

        return false;
    }

    private void Send(int number)
    {
        var socket = _sockets[number];
        var wasBlocked = socket.IsBlocked;
        socket.Flush();
        if (socket.IsBlocked != wasBlocked) _epoll.WatchWrite(socket.Socket, number, socket.IsBlocked);
    }

    private FaultException Silent() => new(
        Fault.Unavailable,
        $"nothing came for 30 s: {_tally.Acknowledged:N0} of {_tally.Sent:N0} messages are acknowledged, "
        + $"{_tally.Delivered:N0} of {_tally.Sent * _deliveriesOfOne:N0} delivered");
}
