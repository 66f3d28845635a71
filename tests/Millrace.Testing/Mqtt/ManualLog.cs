using System.Text;
using Millrace.Contracts.Log;

namespace Millrace.Testing.Mqtt;

/// <summary>A log of one partition whose commits the test makes happen.</summary>
public sealed class ManualLog : IRecordLog
{
    public ManualPartition Partition { get; } = new();

    public string Name => "ingress";

    public IReadOnlyList<ILogPartition> Partitions => [Partition];

    public ILogPartition PartitionFor(ReadOnlySpan<byte> key) => Partition;

    /// <summary>What was appended, as <c>key topic payload</c>.</summary>
    public IReadOnlyList<string> Appended => Partition.Appended;

    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
