namespace Millrace.Benchmarks.Load;

/// <summary>A way to load a broker.</summary>
internal interface ILoad : IDisposable
{
    /// <summary>Makes the connections that stand before anything is published.</summary>
    void Connect(CancellationToken stop);

    /// <summary>The load itself, from the first message to the last answer.</summary>
    /// <exception cref="Contracts.FaultException">The server refused it, ended a connection, or fell silent.</exception>
    Task<LoadLine> RunAsync(CancellationToken stop);
}
