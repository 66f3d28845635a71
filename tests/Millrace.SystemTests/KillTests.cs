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

    /// <summary>All seeds, a few side by side, each with a server of its own.</summary>
    public sealed class Seeds : IAsyncLifetime
    {
        private readonly SemaphoreSlim _room = new(Math.Max(2, Environment.ProcessorCount));
        private readonly CancellationTokenSource _stop = new();
        private readonly Dictionary<int, Task> _runs = [];

        public ValueTask InitializeAsync()
        {
            foreach (var seed in All.Select(static row => row.Data)) _runs[seed] = RunAsync(seed);
            return default;
        }

        public Task OutcomeAsync(int seed) => _runs[seed];

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_runs.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
            _room.Dispose();
        }

        private async Task RunAsync(int seed)
        {
            await _room.WaitAsync(_stop.Token);
            try
            {
                await KillScenario.RunAsync(seed, _stop.Token);
            }
            finally
            {
                _room.Release();
            }
        }
    }
}
