using System.Collections.Concurrent;
using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Testing.Flows;

namespace Millrace.Tests.Flows;

/// <summary>Many flows over one log.</summary>
public sealed class SharedReadingTests : IAsyncDisposable
{
    private readonly FlowBench _bench = new() { Options = new FlowRunnerOptions { Linger = TimeSpan.Zero, Gather = TimeSpan.FromMilliseconds(1) } };

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_frame_is_read_once_however_many_flows_there_are()
    {
        var sinks = Enumerable.Range(0, 1000).Select(static _ => new ScriptedSink()).ToArray();
        for (var i = 0; i < sinks.Length; i++) await _bench.Host.StartAsync(_bench.Plan($"f{i}", $"SELECT * FROM 't/{i}'", ("test", sinks[i])));
        await FlowBench.Until(() => _bench.Host.Statuses.All(static flow => flow.State == FlowState.Running));
        for (var i = 0; i < 500; i++)
        {
            _bench.Source.Frame(("t/7", $"{i}"), ("t/none", "x"));
            await sinks[7].ReachedAsync(2 * (i + 1));
        }

        Assert.Equal(500, sinks[7].Written.Count);
        Assert.InRange(_bench.Source.Reads, 500, 510);
        Assert.Equal(1000, _bench.Host.Statuses.Count(static flow => flow.Counts.Examined == 1000 && flow.Lag == 0));
        Assert.All(sinks.Where((_, i) => i != 7), static sink => Assert.Empty(sink.Written));
        await _bench.RestartAsync();
        Assert.Equal(1000, _bench.Checkpoints.Load("f3:test/0")!.Value.Offset);
    }

    [Fact]
    public async Task A_flow_that_is_slow_holds_no_other_and_keeps_few_frames()
    {
        using var open = new ManualResetEventSlim();
        var slow = new ScriptedSink { OnWrite = (_, _) => open.Wait(TimeSpan.FromSeconds(20)) };
        var quick = new ScriptedSink();
        await _bench.Host.StartAsync(_bench.Plan("slow", "SELECT * FROM 't'", ("test", slow)));
        await _bench.Host.StartAsync(_bench.Plan("quick", "SELECT * FROM 't'", ("test", quick)));
        for (var i = 0; i < 1000; i++) _bench.Source.Frame(("t", $"{i}"));
        await quick.ReachedAsync(1000);
        Assert.Equal(1000, quick.Written.Count);
        open.Set();
        await slow.ReachedAsync(1000);
        Assert.Equal(quick.Written, slow.Written);
    }

    [Fact]
    public async Task Where_a_destination_cuts_its_files_is_the_same_when_a_flow_reads_by_itself()
    {
        var frames = new Random(5);
        for (var i = 0; i < 200; i++)
            _bench.Source.Frame([.. Enumerable.Range(0, frames.Next(1, 5)).Select(_ => (frames.Next(3) == 0 ? "t" : "other", "x"))]);
        var together = new ScriptedSink();
        await _bench.Host.StartAsync(_bench.Plan("SELECT * FROM 't'", ("test", together)));
        await FlowBench.Until(() => _bench.Host.Statuses[0] is { State: FlowState.Running, Lag: 0 });
        await using var alone = new FlowBench { Options = new FlowRunnerOptions { Linger = TimeSpan.Zero, Gather = TimeSpan.Zero, MostFrames = 1 } };
        var sink = new ScriptedSink();
        await alone.Host.StartAsync(alone.Plan("SELECT * FROM 't'", ("test", sink)) with { Source = _bench.Source });
        await FlowBench.Until(() => alone.Host.Statuses[0] is { State: FlowState.Running, Lag: 0 });
        Assert.Equal(together.Before, sink.Before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Each_destination_gets_each_message_of_its_flow_once_and_in_order_whatever_happens(int seed)
    {
        var random = new Random(seed);
        await using var bench = new FlowBench
        {
            Options = new FlowRunnerOptions
            {
                Linger = TimeSpan.Zero,
                Gather = TimeSpan.Zero,
                MostFrames = random.Next(1, 6),
                MostShared = ByteSize.KiB(64 * random.Next(1, 6)),
            },
        };
        var sinks = new ConcurrentDictionary<string, ScriptedSink>();
        var sent = new List<(string Topic, string Payload)>();
        var enabled = new HashSet<string>();

        ScriptedSink SinkOf(string lane) => sinks.GetOrAdd(lane, _ =>
        {
            var chance = new Random(seed + sinks.Count);
            return new ScriptedSink
            {
                IsDoneWhenWritten = true,
                OnWrite = (_, _) =>
                {
                    var what = chance.Next(150);
                    if (what == 0) throw new FaultException(Fault.Unavailable, "away");
                    if (what < 4) Thread.SpinWait(chance.Next(50_000));
                },
            };
        });

        FlowPlan PlanOf(int flow)
        {
            var kinds = flow % 3 == 0 ? new[] { "a", "b" } : ["a"];
            var filter = (flow % 4) switch { 0 => "#", 1 => "t/+", 2 => $"t/{flow % 5}", _ => "$aws/none" };
            return bench.Plan($"f{flow}", $"SELECT * FROM '{filter}'", [.. kinds.Select(kind => (kind, SinkOf($"f{flow}:{kind}")))]) with
            {
                Retry = new RetryOptions { First = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMilliseconds(2) },
            };
        }

        for (var step = 0; step < 150; step++)
        {
            switch (random.Next(12))
            {
                case 0 or 1:
                    var flow = random.Next(12);
                    await bench.Host.StartAsync(PlanOf(flow));
                    enabled.Add($"f{flow}");
                    break;
                case 2 when enabled.Count > 0:
                    var ended = enabled.ElementAt(random.Next(enabled.Count));
                    await bench.Host.StopAsync(ended);
                    enabled.Remove(ended);
                    break;
                case 3 when random.Next(4) == 0:
                    await bench.RestartAsync();
                    foreach (var name in enabled) await bench.Host.StartAsync(PlanOf(int.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)));
                    break;
                default:
                    for (var frame = random.Next(1, 15); frame > 0; frame--)
                    {
                        var messages = new (string Topic, string Payload)[random.Next(1, 6)];
                        for (var i = 0; i < messages.Length; i++)
                        {
                            var topic = random.Next(8) == 0 ? $"$aws/rules/f{random.Next(14)}/x" : random.Next(6) == 0 ? "other" : $"t/{random.Next(5)}";
                            messages[i] = (topic, $"{sent.Count + i}");
                        }

                        sent.AddRange(messages);
                        bench.Source.Frame(messages);
                    }

                    break;
            }
        }

        for (var flow = 0; flow < 12; flow++) await bench.Host.StartAsync(PlanOf(flow));
        await FlowBench.Until(() => bench.Host.Statuses.All(static lane => lane is { State: FlowState.Running, Lag: 0, WaitingMessages: 0 }));
        for (var flow = 0; flow < 12; flow++)
        {
            var plan = PlanOf(flow);
            var expected = sent.Where(one => plan.Filter!.Picks(System.Text.Encoding.UTF8.GetBytes(one.Topic))).Select(static one => one.Payload).ToArray();
            foreach (var lane in plan.Lanes)
            {
                Assert.Equal(expected, SinkOf(lane.Name).Written);
                var status = bench.Host.Statuses.Single(status => status.Name == lane.Shown);
                Assert.True(status.Balanced, $"{status}");
                Assert.Equal((sent.Count, expected.Length, expected.Length), (status.Counts.Examined, status.Counts.OnTopic, status.Counts.Stored));
            }
        }
    }
}
