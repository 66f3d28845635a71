using System.Net;

namespace Millrace.Benchmarks.Stacks;

/// <summary>What is measured: programs that take MQTT messages and, most of them, can be asked for the rows.</summary>
/// <remarks>Fresh when it is started: no data, nothing warm. Disposing ends its processes and removes its files.</remarks>
internal interface IStack : IAsyncDisposable
{
    IPEndPoint Mqtt { get; }

    /// <summary>Every process whose work is needed for a row to be queryable.</summary>
    IReadOnlyList<ChildProcess> Processes { get; }

    /// <summary>What can be asked of it; null where it stores nothing.</summary>
    ITable? Table { get; }

    /// <summary>Ends the processes in good order and looks at what they left: bytes on disk by kind.</summary>
    Task<IReadOnlyDictionary<string, long>> StopAsync();
}
