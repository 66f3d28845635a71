using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Gateway;

/// <summary>A broker that was started, and what it was given since.</summary>
internal sealed class BrokerRun(string name, IBroker broker, string? certificate) : IAsyncDisposable
{
    public string Name { get; } = name;

    public IBroker Broker { get; } = broker;

    /// <summary>The PEM file of its certificate; null where it is reached over plain TCP.</summary>
    public string? Certificate { get; } = certificate;

    /// <summary>Messages, since it was started.</summary>
    public long Published { get; set; }

    public ValueTask DisposeAsync() => Broker.DisposeAsync();
}
