using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Gateway;
using Millrace.Mqtt;
using Millrace.Testing.Mqtt;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Gateway.Model;

/// <summary>A broker and clients, taken through a schedule. Throws where the broker breaks the rules.</summary>
internal sealed class ModelRun
{
    private static readonly string[] Topics = ["a", "a/b", "a/c", "b"];
    private static readonly string[] Filters = ["a", "a/b", "a/+", "a/#", "#", "b", "+/b", "r/+", "r/0"];

    private readonly List<string> _notes = [];
    private readonly List<ModelMessage> _messages = [];
    private readonly List<ModelClient> _clients = [];
    private readonly List<(Link Link, ModelClient Client, ModelMessage? Will, int Delay)> _lost = [];
    private readonly List<(ModelMessage Will, long DueMs, ModelClient Client)> _wills = [];
    private readonly SteppedWorkers _workers = new();
    private readonly ManualTime _time = new();
    private readonly BrokerOptions _options;
    private readonly ModelFault _fault;
    private ManualLog _log;
    private MemoryDocuments _documents;
    private Broker _broker;

    public ModelRun(int seed, ModelFault fault = ModelFault.None)
    {
        Random = new Random(seed);
        _fault = fault;
        _options = new BrokerOptions
        {
            MaxPacketSize = ByteSize.KiB(1),
            MaxConnectPacketSize = ByteSize.KiB(1),
            MaxOutbox = ByteSize.KiB(1),
            MaxInFlight = Random.Next(1, 5),
            MaxListedMessages = Random.Next(1, 6),
            ConnectTimeout = TimeSpan.FromDays(1),
            MaxKeepAlive = TimeSpan.FromSeconds(65535),
        };

        // A record that arrived in 1970 has no arrival.
        _time.Advance(TimeSpan.FromDays(1));
        _log = new ManualLog(Random.Next(1, 4), _time);
        _documents = new MemoryDocuments { CommitsAtOnce = Random.Next(2) == 0 };
        _broker = NewBroker();
        for (var i = Random.Next(2, 5); i > 0; i--) _clients.Add(new ModelClient(this, _clients.Count, Random));
    }

    public Random Random { get; private set; }

    public int Step { get; private set; }

    public long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public int LastCrashAt { get; private set; } = -1;

    public IReadOnlyList<ModelMessage> Messages => _messages;

    /// <summary>By topic, what was published with RETAIN, in order.</summary>
    public Dictionary<string, List<ModelMessage>> Retained { get; } = [];

    public string Notes => string.Join('\n', _notes);

    public ModelMessage Message(int number) => _messages[number];

    public void Note(string what) => _notes.Add($"{Step}: {what}");

    /// <summary>Whether a later retained message had taken the place of this one for certain before a step.</summary>
    public bool IsReplaced(ModelMessage message, int step)
    {
        var all = Retained[message.Topic];
        return all.Skip(all.IndexOf(message) + 1).Any(later => later.AckedAt >= 0 && later.AckedAt < step);
    }

    public void Do(ModelAction action)
    {
        Step++;
        Random = new Random(action.Seed);
        var client = _clients[action.Client % _clients.Count];
        switch (action.Kind)
        {
            case ModelActionKind.Connect:
                Connect(client, Random.Next(5) == 0);
                break;
            case ModelActionKind.Publish:
                Publish(client);
                break;
            case ModelActionKind.Subscribe when client is { IsConnected: true, IsLeaving: false }:
                client.Subscribe(Filters[Random.Next(Filters.Length)], (byte)(Random.Next(3) | (Random.Next(8) == 0 ? 4 : 0) | (Random.Next(4) == 0 ? 8 : 0) | (Random.Next(3) << 4)));
                break;
            case ModelActionKind.Unsubscribe when client is { IsConnected: true, IsLeaving: false }:
                var filters = client.History.Filters.ToList();
                client.Unsubscribe(filters.Count > 0 && Random.Next(8) > 0 ? filters[Random.Next(filters.Count)] : Filters[Random.Next(Filters.Length)]);
                break;
            case ModelActionKind.ToServer:
                for (var count = Random.Next(1, 6); count > 0; count--) client.Link?.DeliverToServer();
                break;
            case ModelActionKind.ToClient:
                for (var count = Random.Next(1, 6); count > 0; count--) DeliverToClient(client);
                break;
            case ModelActionKind.Acknowledge:
                for (var count = Random.Next(1, 4); count > 0 && client is { IsConnected: true, IsLeaving: false }; count--) client.Acknowledge();
                break;
            case ModelActionKind.LoseNetwork:
                LoseNetwork(client, isNoticed: Random.Next(2) == 0);
                break;
            case ModelActionKind.NoticeLoss when _lost.Count > 0:
                Notice(_lost[0]);
                break;
            case ModelActionKind.Disconnect when client is { IsConnected: true, IsLeaving: false }:
                client.Disconnect();
                break;
            case ModelActionKind.CommitLog:
                _log.Partitions[Random.Next(_log.Partitions.Count)].Commit();
                break;
            case ModelActionKind.CommitDocuments:
                CommitDocuments();
                break;
            case ModelActionKind.Work:
                for (var count = Random.Next(1, 5); count > 0; count--)
                    if (Random.Next(2) == 0) _workers.RunOne();
                    else SteppedWorkers.Dispatch(_broker);
                break;
            case ModelActionKind.PassTime:
                Pass(TimeSpan.FromSeconds(Random.Next(8) == 0 ? 40 : Random.Next(1, 4)));
                break;
            case ModelActionKind.Crash:
                Crash();
                break;
        }

        foreach (var each in _clients) each.Link?.Pump();
        SeeWhoIsClosed();
    }

    /// <summary>Everybody comes back, everything that is on its way arrives, and everything must be as it should.</summary>
    public void Finish()
    {
        Step++;
        Random = new Random(1);
        while (_lost.Count > 0) Notice(_lost[0]);
        Settle();
        foreach (var client in _clients)
            if (client.Link is null && client.IsDurable) Connect(client, clean: false);
        Settle();
        foreach (var client in _clients) client.History.CheckComplete(this, client);
        var counts = _broker.Counters.Snapshot();
        Must(counts.Received == counts.Acknowledged + counts.Accepted + counts.Refused + counts.WaitingForCommit, $"the books do not balance: {counts}");
        Must(counts.WaitingForCommit == 0, $"{counts.WaitingForCommit} messages wait for a commit though all are done");
        Must(counts.Connections == _clients.Count(c => c.IsConnected), $"{counts.Connections} connections are counted");
        End(_broker);
    }

    private static void Must(bool holds, string otherwise)
    {
        if (!holds) throw new ModelViolationException(otherwise);
    }

    private static void End(Broker broker) => _ = broker.DisposeAsync().AsTask();

    private Broker NewBroker() => new(_log, _documents, AnonymousAccess.Instance, _options, _time, NullLogger.Instance, _workers);

    private void Connect(ModelClient client, bool clean)
    {
        // One at a time: a handshake ends on another thread.
        if (client.Link is not null || _clients.Exists(c => c.Link?.IsWaitingForAccess == true)) return;
        ModelMessage? will = null;
        if (Random.Next(4) == 0)
        {
            will = new ModelMessage(_messages.Count, client.Id, Topics[Random.Next(Topics.Length)], (byte)Random.Next(2)) { IsWill = true };
            _messages.Add(will);
        }

        _wills.RemoveAll(w => w.Client == client && w.DueMs + 1000 >= NowMs);
        client.Connect(new Link(_broker, () => NowMs), clean, will, client.Version == ProtocolVersion.V5 && Random.Next(2) == 0 ? Random.Next(1, 30) : 0);
    }

    private void Publish(ModelClient client)
    {
        var qos = (byte)Random.Next(3);
        if (!client.CanPublish(qos)) return;
        var retain = Random.Next(5) == 0;
        var isRemoval = retain && Random.Next(5) == 0;
        var message = new ModelMessage(_messages.Count, client.Id, retain ? client.RetainedTopic : Topics[Random.Next(Topics.Length)], qos)
        {
            Retain = retain,
            IsRemoval = isRemoval,
            Padding = isRemoval || Random.Next(4) > 0 ? 0 : 400,
            Expiry = client.Version == ProtocolVersion.V5 && !isRemoval && Random.Next(6) == 0 ? (uint)Random.Next(1, 20) : null,
        };
        _messages.Add(message);
        if (retain)
        {
            if (!Retained.TryGetValue(message.Topic, out var values)) Retained[message.Topic] = values = [];
            values.Add(message);
        }

        client.Publish(message);
    }

    private void DeliverToClient(ModelClient client)
    {
        if (_fault == ModelFault.LosesDelivery && client.IsConnected) client.Link!.LoseDelivery();
        if (_fault == ModelFault.RepeatsDelivery && client.IsConnected) client.Link!.RepeatDelivery();
        client.ReceiveOne();
    }

    private void LoseNetwork(ModelClient client, bool isNoticed)
    {
        var (will, delay, wasConnected) = (client.Will, client.WillDelay, client.IsConnected);
        if (client.Lose() is not { } link) return;

        // From now on it may be published, unless the goodbye has arrived.
        if (will is not null && will.SentAt < 0 && !(client.IsLeaving && link.IsClosedByServer)) (will.SentAt, will.SentMs) = (Step, NowMs);
        _lost.Add((link, client, wasConnected && !client.IsLeaving ? will : null, delay));
        if (isNoticed) Notice(_lost[^1]);
    }

    private void Notice((Link Link, ModelClient Client, ModelMessage? Will, int Delay) lost)
    {
        _lost.Remove(lost);
        if (lost.Will is { } will)
        {
            // [MQTT-3.1.2-8], [MQTT-3.1.3-9]: after its delay, or with the session, whatever comes first.
            var delay = Math.Min(lost.Delay, lost.Client.IsDurable ? lost.Client.ExpirySeconds : 0);
            if (lost.Client.Link is null) _wills.Add((will, NowMs + (delay * 1000L), lost.Client));
        }

        Note($"the server notices that {lost.Client.Id} is gone");
        if (!_lost.Exists(l => l.Client == lost.Client)) lost.Client.NoticedMs = NowMs;
        lost.Link.Connection.Dispose();
    }

    private void SeeWhoIsClosed()
    {
        foreach (var client in _clients)
        {
            if (client.Link is not { IsClosedByServer: true, HasForClient: false }) continue;
            Must(!client.IsConnected || client.IsLeaving, $"{client.Id} keeps to the rules, and its connection is closed");
            LoseNetwork(client, isNoticed: true);
        }
    }

    private void CommitDocuments()
    {
        _documents.Commit();
        foreach (var client in _clients) client.Link?.AwaitAccess();
    }

    private void Pass(TimeSpan by)
    {
        // No disk takes seconds for a document.
        Note($"{by.TotalSeconds} seconds pass");
        CommitDocuments();
        _time.Advance(by);
        CommitDocuments();
    }

    private void Crash()
    {
        var isOnDisk = Random.Next(3) == 0;
        Note($"the server crashes{(isOnDisk ? ", all that was written is on the disk" : "")}");
        foreach (var client in _clients) LoseNetwork(client, isNoticed: false);
        foreach (var lost in _lost) lost.Client.NoticedMs ??= NowMs;
        _lost.Clear();
        if (isOnDisk)
        {
            // What is told now reaches nobody any more.
            _log.Commit();
            _documents.Commit();
        }

        LastCrashAt = Step;
        _wills.Clear();

        // A goodbye that was not on disk yet is forgotten in the crash, and the will is published after it.
        foreach (var will in _messages.Where(static m => m is { IsWill: true, SentAt: < 0 })) (will.SentAt, will.SentMs) = (Step, NowMs);
        _time.DropTimers();
        var before = _broker;
        _log = _log.Restart(_fault == ModelFault.ForgetsACommit ? 1 : 0);
        _documents = _documents.Copy();

        // What the old one still does on its way out is done to a log and documents that nobody has any more.
        End(before);
        _workers.Clear();
        _broker = NewBroker();
    }

    /// <summary>Until nothing moves any more, also after a tick: a checkpoint frees packet ids, and wills and sessions that are due come to their end.</summary>
    private void Settle()
    {
        var quiet = 0;
        for (var round = 0; quiet < 2; round++)
        {
            Must(round < 10_000, "it does not come to rest");
            Step++;
            if (MoveEverything())
            {
                quiet = 0;
                continue;
            }

            if (WentOnWithTheLog())
            {
                quiet = 0;
                continue;
            }

            foreach (var client in _clients) Must(client.Link?.IsAtRest != false, $"{client.Id} was forgotten: it waits though all is committed, read and done");
            if (quiet++ == 0) Pass(TimeSpan.FromSeconds(2));
        }

        foreach (var (will, _, _) in _wills.Where(w => w.DueMs + 1000 < NowMs)) (will.AckedAt, will.AckedMs) = (Step, NowMs);
    }

    private bool WentOnWithTheLog()
    {
        var any = false;
        foreach (var client in _clients) any |= client.Link?.AwaitLog() == true;
        return any;
    }

    private bool MoveEverything()
    {
        _log.Commit();
        CommitDocuments();
        _workers.RunAll(_broker);
        var any = false;
        foreach (var client in _clients)
        {
            if (client.Link is not { } link) continue;
            any |= link.HasForServer || link.HasForClient || client is { HasOwed: true, IsLeaving: false };
            while (link.HasForServer) link.DeliverToServer();
            while (link.Pump()) any = true;
            while (link.HasForClient) DeliverToClient(client);
            while (client is { IsConnected: true, IsLeaving: false, HasOwed: true }) client.Acknowledge();
        }

        SeeWhoIsClosed();

        return any;
    }
}
