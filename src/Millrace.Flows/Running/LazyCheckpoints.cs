using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Flows;

namespace Millrace.Flows.Running;

/// <summary>Gathers the checkpoints that all flows save from time to time, and writes them together: one write a second, however many flows there are.</summary>
internal sealed partial class LazyCheckpoints(ICheckpointStore store, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Lock _writing = new();
    private Dictionary<string, Checkpoint> _waiting = [];
    private bool _isDue;

    public Checkpoint? Load(string key)
    {
        lock (_gate)
            if (_waiting.TryGetValue(key, out var waiting)) return waiting;
        return store.Load(key);
    }

    /// <summary>To be written in a second at the latest.</summary>
    public void Put(string key, Checkpoint checkpoint)
    {
        lock (_gate)
        {
            _waiting[key] = checkpoint;
            if (_isDue) return;
            _isDue = true;
        }

        _ = WriteSoonAsync();
    }

    /// <summary>All that was put is durable when it returns.</summary>
    /// <exception cref="FaultException">Unavailable: the disk refused. What waits is written with the next.</exception>
    public void Write()
    {
        lock (_writing)
        {
            Dictionary<string, Checkpoint> writing;
            lock (_gate)
            {
                if (_waiting.Count == 0) return;
                (writing, _waiting) = (_waiting, []);
            }

            try
            {
                store.Save(writing);
            }
            catch
            {
                lock (_gate)
                    foreach (var (key, checkpoint) in writing) _waiting.TryAdd(key, checkpoint);
                throw;
            }
        }
    }

    private async Task WriteSoonAsync()
    {
        await Task.Delay(Delay, clock).ConfigureAwait(false);
        lock (_gate) _isDue = false;
        try
        {
            Write();
        }
        catch (FaultException away) when (away.Fault == Fault.Unavailable)
        {
            LogUnsaved(away.Message);
        }
    }

    [LoggerMessage(EventId = 308, Level = LogLevel.Warning, Message = "How far flows are cannot be saved, and is tried again: {Reason}")]
    private partial void LogUnsaved(string reason);
}
