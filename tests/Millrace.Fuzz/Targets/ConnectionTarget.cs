using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Gateway;
using Millrace.Mqtt;
using Millrace.Testing.Mqtt;
using Millrace.Testing.Storage;
using Millrace.Tests.Gateway.Model;

namespace Millrace.Fuzz.Targets;

/// <summary>A broker, and clients that send what they should and what they should not, in pieces, while commits, room and time come and go.</summary>
internal sealed class ConnectionTarget : IFuzzTarget
{
    public string Name => "connection";

    public void Run(int seed, FuzzInput input)
    {
        var random = new Random(seed);
        var options = SomeOptions(random);
        var time = new ManualTime();
        var log = new ManualLog(random.Next(1, 4), time);
        var documents = new MemoryDocuments { CommitsAtOnce = random.Next(2) == 0 };
        var workers = new SteppedWorkers();
        using var broker = new Broker(log, documents, AnonymousAccess.Instance, options, time, NullLogger.Instance, workers);
        var clients = new List<FuzzClient>();
        for (var step = random.Next(20, 120); step > 0; step--)
        {
            if (random.Next(4) == 0) documents.Commit();
            if (random.Next(2) == 0) workers.RunAll(broker);
            Step(random, broker, options, log, time, clients, input);
        }

        Settle(log, documents, workers, broker, clients);
        foreach (var client in clients) client.Connection.AssertNotForgotten();
        foreach (var client in clients) client.Connection.Dispose();
        workers.RunAll(broker);

        // A will that found no room in the log goes on by itself.
        WaitForPool();
        log.Commit();
        AssertBalanced(broker);
        _ = broker.DisposeAsync().AsTask();
    }

    private static BrokerOptions SomeOptions(Random random) => new()
    {
        MaxConnections = random.Next(4) == 0 ? 2 : 100,
        MaxPacketSize = ByteSize.KiB(random.Next(1, 5)),
        MaxConnectPacketSize = new ByteSize(random.Next(256, 1024)),
        MaxOutbox = ByteSize.KiB(random.Next(5, 20)),
        ReceiveMaximum = random.Next(1, 6),
        MaxInFlight = random.Next(1, 6),
        MaxSubscriptionsPerClient = random.Next(1, 6),
    };

    private static void Step(
        Random random, Broker broker, BrokerOptions options, ManualLog log, ManualTime time, List<FuzzClient> clients, FuzzInput input)
    {
        var partition = log.Partitions[random.Next(log.Partitions.Count)];
        var client = clients.Count == 0 ? null : clients[random.Next(clients.Count)];
        switch (random.Next(20))
        {
            case 0 when clients.Count < 6:
                clients.Add(new FuzzClient(new FuzzConnection(broker, options), random));
                input.Add($"{clients.Count - 1} opens");
                break;
            case 1 or 2 or 3:
                input.Add($"partition {partition.Index} commits");
                partition.Commit();
                break;
            case 4:
                partition.Capacity = random.Next(3) == 0 ? random.Next(3) : int.MaxValue;
                input.Add($"partition {partition.Index} has room for {partition.Capacity}");
                break;
            case 5 when random.Next(20) == 0:
                partition.Fails = random.Next(2) == 0 ? null : new FaultException(random.Next(2) == 0 ? Fault.Refused : Fault.Unavailable, "no");
                input.Add($"partition {partition.Index} fails with {partition.Fails?.Fault}");
                break;
            case 6:
                var by = TimeSpan.FromSeconds(random.Next(1, 40));
                input.Add($"{by} pass");
                time.Advance(by);
                break;
            case 7 when client is not null:
                client.Connection.Reads = !client.Connection.Reads;
                input.Add($"{clients.IndexOf(client)} reads is {client.Connection.Reads}");
                break;
            case 8 when client is not null && random.Next(3) == 0:
                input.Add($"{clients.IndexOf(client)} vanishes");
                client.Connection.Dispose();
                clients.Remove(client);
                break;
            default:
                if (clients.Count == 0) clients.Add(new FuzzClient(new FuzzConnection(broker, options), random));
                (client ?? clients[0]).SendSome(random, input, clients.IndexOf(client ?? clients[0]));
                break;
        }

        foreach (var each in clients) each.Connection.Pump();
    }

    /// <summary>All that a connection can wait for comes.</summary>
    private static void Settle(ManualLog log, MemoryDocuments documents, SteppedWorkers workers, Broker broker, List<FuzzClient> clients)
    {
        foreach (var partition in log.Partitions) (partition.Fails, partition.Capacity) = (null, int.MaxValue);
        foreach (var client in clients) client.Connection.Reads = true;

        // Some waits end on another thread.
        SpinWait.SpinUntil(
            () =>
            {
                log.Commit();
                documents.Commit();
                workers.RunAll(broker);
                foreach (var client in clients) client.Connection.Pump();
                return clients.TrueForAll(c => c.Connection.IsIdle);
            },
            TimeSpan.FromSeconds(10));
    }

    private static void WaitForPool()
    {
        ThreadPool.GetMaxThreads(out var all, out _);
        var isQuiet = SpinWait.SpinUntil(
            () =>
            {
                // First what is queued, then who works: what leaves the queue in between is seen with its worker.
                if (ThreadPool.PendingWorkItemCount > 0) return false;
                ThreadPool.GetAvailableThreads(out var free, out _);
                return free == all;
            },
            TimeSpan.FromSeconds(10));
        BrokenPromiseException.Unless(isQuiet, "The broker keeps the thread pool busy.");
    }

    private static void AssertBalanced(Broker broker)
    {
        var counts = broker.Counters.Snapshot();
        BrokenPromiseException.Unless(counts.WaitingForCommit == 0, $"{counts.WaitingForCommit} messages wait for a commit though all are done.");
        BrokenPromiseException.Unless(counts.Received == counts.Acknowledged + counts.Accepted + counts.Refused, $"The books do not balance: {counts}");
        BrokenPromiseException.Unless(counts.Connections == 0, $"{counts.Connections} connections are left when all are gone.");
        BrokenPromiseException.Unless(broker.Topics.Count <= counts.Subscriptions, $"{broker.Topics.Count} filters in the tree, and {counts.Subscriptions} subscriptions.");
    }

    /// <summary>What one client sends: its CONNECT first, most of the time.</summary>
    private sealed class FuzzClient(FuzzConnection connection, Random random)
    {
        private readonly ProtocolVersion _version = random.Next(3) == 0 ? ProtocolVersion.V311 : ProtocolVersion.V5;
        private readonly int _oneInSoManyIsBroken = random.Next(3) == 0 ? int.MaxValue : random.Next(3, 20);
        private bool _hasSentConnect;

        public FuzzConnection Connection { get; } = connection;

        public void SendSome(Random random, FuzzInput input, int number)
        {
            var bytes = new List<byte>();
            for (var count = random.Next(1, 5); count > 0; count--)
            {
                var packet = _hasSentConnect || random.Next(30) == 0 ? ClientPackets.Any(random, _version) : ClientPackets.Connect(random, _version);
                _hasSentConnect = true;
                bytes.AddRange(random.Next(_oneInSoManyIsBroken) == 1 ? Mutation.Of(random, packet, ClientPackets.Any(random, _version)) : packet);
            }

            foreach (var piece in random.Next(3) > 0 ? [[.. bytes]] : Pieces.Cut(random, [.. bytes]))
            {
                input.Add($"{number} sends", piece);
                Connection.Arrive(piece);
            }
        }
    }
}
