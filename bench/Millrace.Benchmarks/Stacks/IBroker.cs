using System.Net;

namespace Millrace.Benchmarks.Stacks;

/// <summary>One MQTT broker in one process, fresh when it is started. Disposing ends it and removes its files.</summary>
internal interface IBroker : IAsyncDisposable
{
    /// <summary>TLS, where it was started with a certificate.</summary>
    IPEndPoint Mqtt { get; }

    ChildProcess Process { get; }

    /// <summary>PUBLISH packets that it took and has not dropped, since its start, as it counts them itself.</summary>
    /// <param name="expected">What it should come to: a broker that tells its counts now and then is given the time.</param>
    /// <param name="stop">Gives up.</param>
    Task<long> TakenAsync(long expected, CancellationToken stop);
}
