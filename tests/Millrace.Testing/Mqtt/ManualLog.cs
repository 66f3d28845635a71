using System.Text;
using Millrace.Contracts.Log;

namespace Millrace.Testing.Mqtt;

/// <summary>A log in memory whose commits the test makes happen.</summary>
/// <param name="partitions">How many.</param>
/// <param name="time">For the arrival of records; 1970 where there is none.</param>
public sealed class ManualLog(int partitions = 1, TimeProvider? time = null) : IRecordLog
{
    private readonly ManualPartition[] _partitions = [.. Enumerable.Range(0, partitions).Select(i => new ManualPartition(i, time))];

    private ManualLog(ManualLog before, TimeProvider? time, int withoutCommits)
        : this(0, time) => _partitions = [.. before._partitions.Select(p => p.Restart(withoutCommits))];

    /// <summary>The first, which is the only one in most tests.</summary>
    public ManualPartition Partition => _partitions[0];

    public string Name => "ingress";

    public IReadOnlyList<ManualPartition> Partitions => _partitions;

    IReadOnlyList<ILogPartition> IRecordLog.Partitions => _partitions;

    /// <summary>What was appended, partition by partition, as <c>key topic payload</c>.</summary>
    public IReadOnlyList<string> Appended => [.. _partitions.SelectMany(p => p.Appended)];

    public ManualPartition PartitionFor(string key) => _partitions[IndexOf(Encoding.UTF8.GetBytes(key))];

    ILogPartition IRecordLog.PartitionFor(ReadOnlySpan<byte> key) => _partitions[IndexOf(key)];

    /// <summary>Makes all that was appended to any partition safe.</summary>
    public void Commit()
    {
        foreach (var partition in _partitions) partition.Commit();
    }

    /// <summary>The log as it is found after the power failed: with what was committed. This one stays as it is, for whoever still holds it.</summary>
    /// <param name="withoutCommits">How many of the last commits it has lost, which a log must not.</param>
    public ManualLog Restart(int withoutCommits = 0) => new(this, time, withoutCommits);

    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private int IndexOf(ReadOnlySpan<byte> key)
    {
        // FNV-1a: the same in every process, which HashCode is not.
        var hash = 2166136261;
        foreach (var part in key) hash = (hash ^ part) * 16777619;
        return (int)(hash % (uint)_partitions.Length);
    }
}
