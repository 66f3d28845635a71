using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;

namespace Millrace.Tests.Server.Rules;

/// <summary>Keeps what is published, as <c>topic payload q1</c>.</summary>
internal sealed class MemoryPublisher : IPublisher
{
    public List<string> Published { get; } = [];

    public List<PublishProperties?> Properties { get; } = [];

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, PublishProperties? properties, CancellationToken stop)
    {
        if (topic.Contains('#', StringComparison.Ordinal)) return ValueTask.FromException(new FaultException(Fault.Refused, "a wildcard"));
        Published.Add($"{topic} {Encoding.UTF8.GetString(payload.Span)} q{qos}{(retain ? " retained" : "")}");
        Properties.Add(properties);
        return default;
    }
}
