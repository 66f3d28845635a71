using System.Threading.Channels;
using Millrace.Mqtt;
using Millrace.Mqtt.Client;
using Millrace.Simulator.Links;

namespace Millrace.Tests.Simulator;

/// <summary>A server whose every answer the test gives.</summary>
internal sealed class FakeServer : IServer
{
    private readonly Channel<Connection> _connections = Channel.CreateUnbounded<Connection>();

    /// <summary>While it is set, nobody can connect.</summary>
    public bool IsAway { get; set; }

    public int Refusals { get; private set; }

    public Task<Connection> NextConnectionAsync() => _connections.Reader.ReadAsync().AsTask();

    public Task<ILink> ConnectAsync(string clientId, Action<ReadOnlyMemory<byte>> received, CancellationToken stop)
    {
        if (IsAway)
        {
            Refusals++;
            throw new MqttException(ReasonCode.ServerUnavailable, "Cannot connect to the fake server.");
        }

        var connection = new Connection(clientId, received);
        _connections.Writer.TryWrite(connection);
        return Task.FromResult<ILink>(connection);
    }

    internal sealed class Connection(string clientId, Action<ReadOnlyMemory<byte>> received) : ILink
    {
        private readonly Channel<Publish> _published = Channel.CreateUnbounded<Publish>();
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Publish> _open = [];
        private readonly Lock _gate = new();

        public string ClientId => clientId;

        public List<string> Subscriptions { get; } = [];

        public bool SaidGoodbye { get; private set; }

        public Task Closed => _closed.Task;

        public MqttException? WhyClosed { get; private set; }

        /// <summary>Acknowledges by itself, without the test's help.</summary>
        public bool Acknowledges { get; set; }

        public Task<Publish> NextAsync() => _published.Reader.ReadAsync().AsTask();

        public async Task<List<Publish>> NextAsync(int count)
        {
            var list = new List<Publish>();
            while (list.Count < count) list.Add(await NextAsync());
            return list;
        }

        public void Send(ReadOnlyMemory<byte> command) => received(command);

        public void Break()
        {
            lock (_gate)
            {
                WhyClosed = new MqttException(ReasonCode.UnspecifiedError, "The fake server went away.");
                foreach (var publish in _open) publish.Answer.TrySetException(WhyClosed);
            }

            _closed.TrySetResult();
        }

        public void AnswerAll()
        {
            lock (_gate)
                foreach (var publish in _open) publish.Answer.TrySetResult(true);
        }

        public Task SubscribeAsync(string filter, CancellationToken stop)
        {
            Subscriptions.Add(filter);
            return Task.CompletedTask;
        }

        public Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken stop)
        {
            var publish = new Publish(topic, payload);
            lock (_gate)
            {
                if (WhyClosed is { } why) return Task.FromException<bool>(why);
                _open.Add(publish);
                if (Acknowledges) publish.Answer.SetResult(true);
                _published.Writer.TryWrite(publish);
            }

            return publish.Answer.Task.WaitAsync(stop);
        }

        public Task DisconnectAsync()
        {
            SaidGoodbye = true;
            _closed.TrySetResult();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            _closed.TrySetResult();
            return default;
        }
    }

    internal sealed record Publish(string Topic, ReadOnlyMemory<byte> Payload)
    {
        public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Text => System.Text.Encoding.UTF8.GetString(Payload.Span);
    }
}
