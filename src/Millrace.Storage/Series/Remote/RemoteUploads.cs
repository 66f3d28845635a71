using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Series.Remote;

/// <summary>Brings the bucket to where the disk is, in the background and again and again, with growing waits while the bucket does not take it.</summary>
internal sealed class RemoteUploads : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>At the end, so that the bucket has what the last move wrote.</summary>
    private static readonly TimeSpan LastUpload = TimeSpan.FromSeconds(10);

    private readonly RemoteTier _tier;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _news = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private volatile StoreHealth _health = StoreHealth.Good;

    public RemoteUploads(RemoteTier tier, TimeProvider clock, ILogger logger)
    {
        _tier = tier;
        _clock = clock;
        _logger = logger;
        tier.News = Wake;
        Wake();
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Of the copy only: the store goes on without.</summary>
    public StoreHealth Health => _health;

    /// <summary>Ends after a last upload, where the ones before succeeded; it may take ten seconds.</summary>
    public void Dispose()
    {
        _tier.News = null;
        _stopping.Cancel();
        _loop.GetAwaiter().GetResult();
        _stopping.Dispose();
        _news.Dispose();
    }

    private void Wake() => _news.Release();

    private async Task RunAsync()
    {
        var wait = FirstWait;
        try
        {
            while (true)
            {
                await _news.WaitAsync(_stopping.Token).ConfigureAwait(false);
                while (!await TryAsync(_stopping.Token).ConfigureAwait(false))
                {
                    await Task.Delay(wait, _clock, _stopping.Token).ConfigureAwait(false);
                    wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
                }

                wait = FirstWait;
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }

        if (!_health.Healthy) return;
        using var last = new CancellationTokenSource(LastUpload, _clock);
        try
        {
            await TryAsync(last.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _logger.LogWarning("{Bucket} does not have the last rows yet: the upload did not end in time, and goes on at the next start", _tier.Name);
        }
    }

    private async Task<bool> TryAsync(CancellationToken stop)
    {
        try
        {
            while (await _tier.UploadAsync(stop).ConfigureAwait(false))
            {
                // A manifest that came meanwhile is next.
            }

            if (!_health.Healthy) _logger.LogInformation("{Bucket} takes files again", _tier.Name);
            _health = StoreHealth.Good;
            return true;
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // Nobody waits for this task: whatever it is, it must be seen, and tried again.
            if (_health.Healthy) _logger.LogWarning("Time series are not copied to {Bucket} now, and stay on the disk; it is tried again: {Reason}", _tier.Name, failed.Message);
            _health = new StoreHealth($"time series are not copied to the bucket: {failed.Message}; it is tried again, and until then files stay on the disk", _health.Since ?? _clock.GetUtcNow());
            _tier.CountFailure();
            return false;
        }
    }
}
