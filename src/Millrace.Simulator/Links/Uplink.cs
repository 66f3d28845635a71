using Millrace.Mqtt.Client;
using Millrace.Simulator.Devices;

namespace Millrace.Simulator.Links;

/// <summary>One device on its connection: measures in one loop, delivers in another, so that it measures on while the server is away.</summary>
internal sealed class Uplink : IDisposable
{
    /// <summary>
    /// Messages on their way at a time: as many as the servers that take fewest let a client have without PUBACK. Those that have none when
    /// the connection breaks are sent again.
    /// </summary>
    private const int Window = 20;

    private readonly IDevice _device;
    private readonly IServer _server;
    private readonly Tally _tally;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _phase;
    private readonly Outbox _outbox;
    private readonly Backoff _backoff;
    private readonly Lock _deviceGate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly List<DeviceMessage> _onTheWay = [];
    private int _unanswered;
    private bool _isFailing;

    /// <param name="device">Asked by this alone.</param>
    /// <param name="server">Connected to as often as it takes.</param>
    /// <param name="options">Of the fleet.</param>
    /// <param name="random">Spreads the devices of a fleet over the interval, and their tries to connect.</param>
    /// <param name="tally">Shared by the fleet.</param>
    /// <param name="clock">The device's times come from it.</param>
    public Uplink(IDevice device, IServer server, FleetOptions options, Random random, Tally tally, TimeProvider clock)
    {
        (_device, _server, _tally, _clock, _interval) = (device, server, tally, clock, options.Interval);
        _phase = options.Interval * random.NextDouble();
        _outbox = new Outbox(options.MaxWaiting);
        _backoff = new Backoff(random);
    }

    /// <summary>Asks the device once an interval.</summary>
    public async Task MeasureAsync(CancellationToken stop)
    {
        var messages = new List<DeviceMessage>();
        var next = _clock.GetUtcNow() + _phase;
        try
        {
            while (true)
            {
                // Never longer than an interval: the wall clock may be set back meanwhile.
                var wait = next - _clock.GetUtcNow();
                if (wait > TimeSpan.Zero) await Task.Delay(wait < _interval ? wait : _interval, _clock, stop).ConfigureAwait(false);
                stop.ThrowIfCancellationRequested();
                var now = _clock.GetUtcNow();
                lock (_deviceGate) _device.Measure(now, messages);
                _tally.Published(messages.Count);
                _tally.Dropped(_outbox.Add(messages));
                messages.Clear();
                Wake();

                // A device that was kept from measuring does not make up for it.
                next = next + _interval > now ? next + _interval : now + _interval;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Wake();
        }
    }

    /// <summary>Connects, delivers, and connects again.</summary>
    /// <param name="stop">Nothing more is measured: deliver what is kept, if there is a connection.</param>
    /// <param name="end">Ends that too.</param>
    public async Task DeliverAsync(CancellationToken stop, CancellationToken end)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (!_device.IsOnline(_clock.GetUtcNow()))
                {
                    await _wake.WaitAsync(stop).ConfigureAwait(false);
                    continue;
                }

                try
                {
                    await ConnectAndDeliverAsync(stop, end).ConfigureAwait(false);
                }
                catch (MqttException e)
                {
                    if (!_isFailing) _tally.Failed(e.Message);
                    _isFailing = true;
                    await Task.Delay(_backoff.Next(), _clock, stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _wake.Dispose();

    private async Task ConnectAndDeliverAsync(CancellationToken stop, CancellationToken end)
    {
        var link = await _server.ConnectAsync(_device.ClientId, Obey, stop).ConfigureAwait(false);
        _tally.Connected();
        try
        {
            if (_device.CommandTopic is { } commands) await link.SubscribeAsync(commands, stop).ConfigureAwait(false);
            if (_isFailing) _tally.Recovered();
            _isFailing = false;
            _ = link.Closed.ContinueWith(_ => Wake(), end, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await DeliverAsync(link, stop, end).ConfigureAwait(false);
            await link.DisconnectAsync().ConfigureAwait(false);
        }
        finally
        {
            _tally.Disconnected();
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Until the device goes offline on purpose, or is stopped and everything is delivered.</summary>
    private async Task DeliverAsync(ILink link, CancellationToken stop, CancellationToken end)
    {
        while (_device.IsOnline(_clock.GetUtcNow()))
        {
            _outbox.Take(_onTheWay, Window);
            if (_onTheWay.Count > 0)
            {
                await PublishAsync(link, end).ConfigureAwait(false);
                continue;
            }

            if (stop.IsCancellationRequested) return;
            await _wake.WaitAsync(end).ConfigureAwait(false);
            if (link.WhyClosed is { } why) throw why;
        }
    }

    private async Task PublishAsync(ILink link, CancellationToken end)
    {
        _tally.SentAgain(Math.Min(_unanswered, _onTheWay.Count));
        var publishing = _onTheWay.ConvertAll(message => link.PublishAsync(message.Topic, message.Payload, end));
        try
        {
            await Task.WhenAll(publishing).ConfigureAwait(false);
            _backoff.Reset(); // Not before: a server may accept connections only to close them.
        }
        finally
        {
            for (var i = publishing.Count - 1; i >= 0; i--)
            {
                if (!publishing[i].IsCompletedSuccessfully) continue;
                if (await publishing[i].ConfigureAwait(false)) _tally.Acknowledged();
                else _tally.Refused();
                _onTheWay.RemoveAt(i);
            }

            _unanswered = _onTheWay.Count;
            _tally.Dropped(_outbox.PutBack(_onTheWay));
            _onTheWay.Clear();
        }
    }

    private void Obey(ReadOnlyMemory<byte> command)
    {
        lock (_deviceGate) _device.Obey(command);
    }

    // One look at everything serves all who woke it.
    private void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }
}
