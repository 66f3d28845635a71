using Millrace.SystemTests.Interop;

namespace Millrace.SystemTests;

/// <summary>Kill -9 while publishers with QoS 1 and 2 and persistent subscribers are at work, at fifty random moments.</summary>
public sealed class KillTests(KillTests.Seeds seeds) : IClassFixture<KillTests.Seeds>
{
    private const int Count = 50;

    public static TheoryData<int> All { get; } = new(Enumerable.Range(1, Count));

    [Theory]
    [MemberData(nameof(All))]
    public Task Every_acknowledged_message_reaches_every_session_in_order_and_none_of_qos_2_twice(int seed) => seeds.OutcomeAsync(seed);

    /// <summary>
    /// All seeds, in a few lanes side by side. A lane has a server and a data directory, in which the sessions of its earlier seeds stay behind;
    /// after a seed that failed it begins anew.
    /// </summary>
    public sealed class Seeds : IAsyncLifetime
    {
        private static readonly int Lanes = Math.Max(2, Environment.ProcessorCount);
        private readonly CancellationTokenSource _stop = new();
        private readonly Dictionary<int, TaskCompletionSource> _outcomes = Enumerable.Range(1, Count)
            .ToDictionary(static seed => seed, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        private Task _lanes = Task.CompletedTask;

        public ValueTask InitializeAsync()
        {
            _lanes = Task.WhenAll(Enumerable.Range(0, Lanes).Select(RunLaneAsync));
            return default;
        }

        public Task OutcomeAsync(int seed) => _outcomes[seed].Task;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _lanes;
            _stop.Dispose();
        }

        private async Task RunLaneAsync(int lane)
        {
            MillraceProcess? server = null;
            foreach (var seed in _outcomes.Keys.Where(seed => seed % Lanes == lane))
            {
                try
                {
                    _stop.Token.ThrowIfCancellationRequested();
                    server ??= await StartAsync(lane);
                    await KillScenario.RunAsync(seed, server, _stop.Token);
                    _outcomes[seed].SetResult();
                }
                catch (Exception e)
                {
                    _outcomes[seed].SetException(new InvalidOperationException($"seed {seed}: {e.Message}\n{server?.Output}", e));
                    if (server is not null) await server.DisposeAsync();
                    server = null;
                }
            }

            if (server is not null) await server.DisposeAsync();
        }

        private static Task<MillraceProcess> StartAsync(int lane) => lane % 2 == 0
            ? MillraceProcess.StartAsync(null, null, "--log-partitions", "3")
            : MillraceProcess.StartAsync(null, null, "--mqtt-transport", "kestrel");
    }
}
