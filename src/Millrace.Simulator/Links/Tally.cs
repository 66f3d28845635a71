using Microsoft.Extensions.Logging;

namespace Millrace.Simulator.Links;

/// <summary>Counts what all devices of a fleet do, and logs when the server is lost and found: once for all of them.</summary>
internal sealed class Tally(string fleet, ILogger logger)
{
    private int _connected;
    private int _failing;
    private long _published;
    private long _acknowledged;
    private long _refused;
    private long _dropped;
    private long _sentAgain;

    public FleetCounts Counts
    {
        get
        {
            var acknowledged = Interlocked.Read(ref _acknowledged);
            var refused = Interlocked.Read(ref _refused);
            var dropped = Interlocked.Read(ref _dropped);
            var published = Interlocked.Read(ref _published); // Last: never less than what became of them.
            return new()
            {
                Connected = Volatile.Read(ref _connected),
                Published = published,
                Acknowledged = acknowledged,
                Refused = refused,
                Dropped = dropped,
                Waiting = published - acknowledged - refused - dropped,
                SentAgain = Interlocked.Read(ref _sentAgain),
            };
        }
    }

    public void Published(int count) => Interlocked.Add(ref _published, count);

    public void Acknowledged() => Interlocked.Increment(ref _acknowledged);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Dropped(int count) => Interlocked.Add(ref _dropped, count);

    public void SentAgain(int count) => Interlocked.Add(ref _sentAgain, count);

    public void Connected() => Interlocked.Increment(ref _connected);

    public void Disconnected() => Interlocked.Decrement(ref _connected);

    /// <summary>A device could not connect, or lost its connection; not told again before <see cref="Recovered"/>.</summary>
    public void Failed(string reason)
    {
        if (Interlocked.Increment(ref _failing) == 1)
            logger.LogWarning("Fleet {Fleet}: {Reason} Its devices try again until they are stopped, and keep what they measure.", fleet, reason);
    }

    public void Recovered()
    {
        if (Interlocked.Decrement(ref _failing) == 0) logger.LogInformation("Fleet {Fleet}: all devices are connected again.", fleet);
    }
}
