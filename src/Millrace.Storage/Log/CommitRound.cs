using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>One pass over all partitions that have something to write; and what becomes of those whose disk says no. Commit thread only.</summary>
internal sealed class CommitRound(LogEnvironment environment, CommitNotifier notifier, Action<PartitionWriter> wake)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    private readonly List<PartitionWriter> _work = [];
    private readonly List<PartitionWriter> _failing = [];
    private StoreHealth _health = StoreHealth.Good;
    private TimeSpan _retry = FirstRetry;
    private bool _failedNow;

    /// <summary>Any thread may ask.</summary>
    public StoreHealth Health => Volatile.Read(ref _health);

    /// <summary>Writes all, then syncs all, then tells: one fdatasync for each file, whoever waits for it.</summary>
    /// <param name="dirty">Writers with pending records.</param>
    /// <param name="retry">Whether those that failed before are tried again now.</param>
    /// <returns>How soon to try again what failed now; null where nothing did.</returns>
    public TimeSpan? Run(List<PartitionWriter> dirty, bool retry)
    {
        foreach (var writer in dirty)
        {
            if (writer.Busy || writer.Removed) continue;
            writer.Busy = true;
            _work.Add(writer);
        }

        var retried = retry && _failing.Count > 0;
        if (retried)
        {
            _work.AddRange(_failing);
            _failing.Clear();
        }

        _failedNow = false;
        _work.RemoveAll(writer => !Try(writer, static w => w.Write()));
        _work.RemoveAll(writer => !Try(writer, static w => w.Sync()));
        foreach (var writer in _work)
        {
            writer.Complete(notifier);
            writer.Busy = false;
            // Those who came while it was failing called for a writer that was passed over.
            if (retried && writer.Unwritten > 0) wake(writer);
        }

        _work.Clear();
        notifier.Send();
        return NextRetry(retried);
    }

    /// <summary>Its log is deleted: what it has not written, nobody will read.</summary>
    public void Remove(PartitionWriter writer)
    {
        writer.Removed = true;
        _failing.Remove(writer);
        writer.Dispose();
    }

    private bool Try(PartitionWriter writer, Func<PartitionWriter, bool> step)
    {
        try
        {
            writer.Busy = step(writer);
            return writer.Busy;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failing.Add(writer);
            _failedNow = true;
            if (!Health.Healthy) return false;
            var message =
                $"log {writer.Name} cannot be written: {e.Message} ({Free()}). Nothing is acknowledged and nothing is lost; it is tried again until it works.";
            Volatile.Write(ref _health, new StoreHealth(message, environment.Clock.GetUtcNow()));
            environment.Logger.WriteFailed(message, e);
            return false;
        }
    }

    private string Free()
    {
        try
        {
            return $"{new ByteSize(environment.Disk.FreeBytes / 1024 * 1024)} free";
        }
        catch (IOException)
        {
            return "free space unknown";
        }
    }

    private TimeSpan? NextRetry(bool retried)
    {
        if (_failing.Count > 0)
        {
            if (retried) _retry = _retry * 2 < LastRetry ? _retry * 2 : LastRetry;
            return _failedNow ? _retry : null;
        }

        _retry = FirstRetry;
        if (Health.Since is { } since)
        {
            Volatile.Write(ref _health, StoreHealth.Good);
            environment.Logger.WriteRecovered(environment.Clock.GetUtcNow() - since);
        }

        return null;
    }
}
