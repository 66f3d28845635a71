using Millrace.Benchmarks.Reports;

namespace Millrace.Benchmarks.Gateway;

/// <summary>One kind of work, and what is noted of it. The same for every broker.</summary>
internal interface IMeasure
{
    /// <summary>What <see cref="GatewayFigures.Cost"/> counts.</summary>
    string Unit { get; }

    /// <summary>Whether each round needs a broker that has done nothing before.</summary>
    bool NeedsFreshBroker { get; }

    /// <summary>What progress runs up to in a round.</summary>
    long Steps { get; }

    /// <summary>So that starting costs, such as compiling, are in no round.</summary>
    Task WarmUpAsync(BrokerRun broker, CancellationToken stop);

    /// <exception cref="Contracts.FaultException">With Fault.Refused: the broker does not offer what is measured.</exception>
    Task<GatewayFigures> RunAsync(BrokerRun broker, Action<long> progress, CancellationToken stop);
}
