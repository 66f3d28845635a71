using Millrace.Mqtt;

namespace Millrace.SystemTests.Interop;

/// <summary>One life of publishers and subscribers, in which the server is killed at a random moment.</summary>
internal sealed class KillScenario : IAsyncDisposable
{
    private const int Window = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Random _random;
    private readonly MillraceProcess _server;
    private readonly int _count;
    private readonly SessionPublisher[] _publishers;
    private readonly SessionSubscriber[] _online;
    private readonly SessionSubscriber _offline;
    private readonly CancellationTokenSource _stop;

    private KillScenario(int seed, MillraceProcess server, CancellationToken stop)
    {
        _random = new Random(seed);
        _server = server;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _count = _random.Next(100, 400);
        var port = server.MqttPort;
        _publishers =
        [
            new($"{seed}/p5", port, ProtocolVersion.V5, _count, Window), new($"{seed}/p311", port, ProtocolVersion.V311, _count, Window),
            new($"{seed}/one-at-a-time", port, ProtocolVersion.V5, _count / 4, window: 1),
        ];
        _online =
        [
            new($"{seed}/online-1", port, ProtocolVersion.V5, $"kill/{seed}/#", qos: 1, receiveMaximum: 100),
            new($"{seed}/online-2", port, ProtocolVersion.V311, $"kill/{seed}/#", qos: 2, receiveMaximum: 100),
            new($"{seed}/narrow-2", port, ProtocolVersion.V5, $"kill/{seed}/#", qos: 2, receiveMaximum: 3),
            new($"{seed}/moody-1", port, ProtocolVersion.V311, $"kill/{seed}/#", qos: 1, receiveMaximum: 100, new Random(seed + 1)),
            new($"{seed}/moody-2", port, ProtocolVersion.V5, $"kill/{seed}/#", qos: 2, receiveMaximum: 20, new Random(seed + 2)),
        ];
        _offline = new($"{seed}/offline-2", port, ProtocolVersion.V5, $"kill/{seed}/#", qos: 2, receiveMaximum: 50);
    }

    public static async Task RunAsync(int seed, MillraceProcess server, CancellationToken stop)
    {
        await using var scenario = new KillScenario(seed, server, stop);
        await scenario.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        // Everybody subscribes first; one leaves before the first message and comes back after the last.
        using (var away = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            var subscribing = _offline.RunAsync(away.Token);
            await SubscribedAsync(_offline, subscribing);
            await away.CancelAsync();
            await subscribing;
        }

        var listening = _online.Select(subscriber => subscriber.RunAsync(_stop.Token)).ToList();
        foreach (var (subscriber, running) in _online.Zip(listening)) await SubscribedAsync(subscriber, running);
        var publishing = Task.WhenAll(_publishers.Select(publisher => publisher.RunAsync(_stop.Token)));

        var mark = _random.Next(1, 2 * _count);
        await WaitAsync(() => publishing.IsCompleted || _publishers.Sum(static publisher => publisher.Acknowledged) >= mark, listening);
        await Task.Delay(_random.Next(0, 15), _stop.Token);
        await _server.KillAsync();
        await _server.StartAgainAsync();
        await publishing.WaitAsync(Patience, _stop.Token);

        listening.Add(_offline.RunAsync(_stop.Token));
        SessionSubscriber[] all = [.. _online, _offline];
        await WaitAsync(() => all.All(HasAll), listening);

        // A copy too many would come right behind.
        await Task.Delay(150, _stop.Token);
        foreach (var subscriber in all) AssertHeard(subscriber);
        await _stop.CancelAsync();
        await Task.WhenAll(listening);
    }

    private static async Task SubscribedAsync(SessionSubscriber subscriber, Task running)
    {
        if (await Task.WhenAny(subscriber.Subscribed, running).WaitAsync(Patience) == running) await running;
    }

    private async Task WaitAsync(Func<bool> condition, IReadOnlyList<Task> running)
    {
        await Eventually.AsyncTrue(
            async () =>
            {
                // An assertion that failed inside a client ends the waiting.
                foreach (var ended in running.Where(static task => task.IsCompleted)) await ended;
                _stop.Token.ThrowIfCancellationRequested();
                return condition();
            },
            Patience, () => $"nothing moves after {_publishers.Sum(static publisher => publisher.Acknowledged)} acknowledgements. Missing at\n{Missing()}");
    }

    private bool HasAll(SessionSubscriber subscriber) => Topics().All(topic => subscriber.Heard(topic.Name).Distinct().Count() == topic.Numbers.Length);

    private string Missing() => string.Join(
        '\n',
        from subscriber in _online.Append(_offline)
        from topic in Topics()
        let missing = topic.Numbers.Except(subscriber.Heard(topic.Name)).ToArray()
        where missing.Length > 0
        select $"{subscriber.Id}: {missing.Length} of {topic.Name}: {string.Join(' ', missing.Take(10))}");

    private void AssertHeard(SessionSubscriber subscriber)
    {
        foreach (var (name, qos, numbers) in Topics())
        {
            var heard = subscriber.Heard(name);
            var once = subscriber.Qos == 2 && qos == 2;
            var first = once ? heard : heard.Distinct().ToArray();
            Assert.True(first.SequenceEqual(numbers), $"{subscriber.Id} heard of {name} {string.Join(' ', heard)}");
        }
    }

    /// <summary>What every subscriber must have heard in the end.</summary>
    private IEnumerable<(string Name, int Qos, int[] Numbers)> Topics() =>
        from publisher in _publishers
        from qos in new[] { 1, 2 }
        select (publisher.Topic(qos), qos, Enumerable.Range(1, publisher.Count).Where(number => SessionPublisher.QosOf(number) == qos).ToArray());
}
