using Millrace.Benchmarks.Measuring;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Load;

/// <summary>A fleet of cars that publish with QoS 1. One thread, one loop, no allocation for a message.</summary>
internal sealed class LoadGenerator : IDisposable
{
    private static readonly long ReportEveryNs = 100_000_000;
    private static readonly long PatienceNs = 30_000_000_000;

    private readonly LoadOptions _options;
    private readonly Action<long> _progress;
    private readonly Car[] _cars;
    private readonly Epoll _epoll = new();
    private readonly WallClock _clock = new();
    private readonly Histogram _latency = new();
    private readonly TimeText _time = new();
    private readonly int[] _ready = new int[256];

    private long _startNs;
    private long _sent;
    private long _acknowledged;
    private long _lastPubackNs;
    private int _nextCar;

    /// <param name="options">Checked.</param>
    /// <param name="progress">Told the number of PUBACKs some ten times a second, on the calling thread.</param>
    public LoadGenerator(LoadOptions options, Action<long> progress)
    {
        _options = options;
        _progress = progress;
        _cars = [.. Enumerable.Range(0, options.Shape.Connections).Select(i => new Car(i, options.Shape.Window))];
    }

    /// <summary>Ends when all connections stand.</summary>
    public void Connect(CancellationToken stop)
    {
        for (var i = 0; i < _cars.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            _cars[i].Connect(_options.Connect);
            _epoll.Watch(_cars[i].Socket, i);
        }
    }

    /// <summary>Publishes all messages. Ends with the last PUBACK.</summary>
    /// <exception cref="FaultException">A connection was lost, or nothing is acknowledged any more.</exception>
    public LoadLine Run(CancellationToken stop)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        _startNs = _lastPubackNs = _clock.NowNs;
        var reportNs = _startNs;

        if (_options.Rate == 0)
            for (var i = 0; i < _cars.Length; i++) Fill(i);

        while (_acknowledged < _options.Messages)
        {
            stop.ThrowIfCancellationRequested();
            if (_options.Rate > 0) PublishWhatIsDue();
            Serve(waitMs: _options.Rate > 0 ? 1 : 100);

            var now = _clock.NowNs;
            if (now - reportNs < ReportEveryNs) continue;
            reportNs = now;
            _progress(_acknowledged);
            if (now - _lastPubackNs > PatienceNs && _sent > _acknowledged)
                throw new FaultException(Fault.Unavailable, $"no PUBACK for 30 s: {_acknowledged:N0} of {_sent:N0} are acknowledged");
        }

        return new LoadLine
        {
            Event = LoadLine.Done,
            Acknowledged = _acknowledged,
            Seconds = (_lastPubackNs - _startNs) / 1e9,
            CpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
            Puback = _latency.ToLatency(),
        };
    }

    public void Dispose()
    {
        foreach (var car in _cars) car.Dispose();
        _epoll.Dispose();
    }

    private void Serve(int waitMs)
    {
        var count = _epoll.Wait(_ready, waitMs);
        for (var i = 0; i < count; i++)
        {
            var number = _ready[i];
            var car = _cars[number];
            var acknowledged = car.Receive(_clock, _latency);
            if (acknowledged > 0)
            {
                _acknowledged += acknowledged;
                _lastPubackNs = _clock.NowNs;
            }

            if (_options.Rate == 0) Fill(number);
            else if (car.IsBlocked) Send(number);
        }
    }

    /// <summary>As many messages as the car may have in flight, in one write.</summary>
    private void Fill(int number)
    {
        var car = _cars[number];
        var now = _clock.NowNs;
        for (; car.HasRoom && _sent < _options.Messages; _sent++) car.Publish(now, _time);
        Send(number);
    }

    // A message that is late counts from when it was due: a server that stops for a moment is charged for all that waited.
    private void PublishWhatIsDue()
    {
        var due = Math.Min(_options.Messages, (long)((_clock.NowNs - _startNs) / 1e9 * _options.Rate));
        for (; _sent < due && TryFindCarWithRoom(); _sent++)
        {
            _cars[_nextCar].Publish(_startNs + (long)(_sent * (1e9 / _options.Rate)), _time);
            Send(_nextCar);
            _nextCar = (_nextCar + 1) % _cars.Length;
        }
    }

    private bool TryFindCarWithRoom()
    {
        for (var i = 0; i < _cars.Length; i++)
        {
            if (_cars[_nextCar].HasRoom) return true;
            _nextCar = (_nextCar + 1) % _cars.Length;
        }

        return false;
    }

    private void Send(int number)
    {
        var car = _cars[number];
        var wasBlocked = car.IsBlocked;
        car.Flush();
        if (car.IsBlocked != wasBlocked) _epoll.WatchWrite(car.Socket, number, car.IsBlocked);
    }
}
