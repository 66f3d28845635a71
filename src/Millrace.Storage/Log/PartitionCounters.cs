namespace Millrace.Storage.Log;

/// <summary>What was done to one partition since the start. Written by the commit thread, read by anybody.</summary>
internal sealed class PartitionCounters
{
    private long _records;
    private long _bytes;
    private long _commits;
    private long _syncTicks;
    private long _lastSyncTicks;

    public void Synced(TimeSpan took)
    {
        Volatile.Write(ref _syncTicks, _syncTicks + took.Ticks);
        Volatile.Write(ref _lastSyncTicks, took.Ticks);
    }

    public void Committed(int records, int bytes)
    {
        Volatile.Write(ref _records, _records + records);
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _commits, _commits + 1);
    }

    public PartitionStats Now => new()
    {
        AppendedRecords = Volatile.Read(ref _records),
        AppendedBytes = Volatile.Read(ref _bytes),
        Commits = Volatile.Read(ref _commits),
        SyncTime = new TimeSpan(Volatile.Read(ref _syncTicks)),
        LastSync = new TimeSpan(Volatile.Read(ref _lastSyncTicks)),
    };
}
