namespace Millrace.SystemTests.Interop;

/// <summary>A broker with a well-behaved client at it.</summary>
public abstract class Street(BrokerUnderTest broker) : IAsyncLifetime
{
    public BrokerUnderTest Broker { get; } = broker;

    public Neighbour Neighbour { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Broker.InitializeAsync();
        Neighbour = await Neighbour.StartAsync(Broker.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await Neighbour.DisposeAsync();
        await Broker.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
