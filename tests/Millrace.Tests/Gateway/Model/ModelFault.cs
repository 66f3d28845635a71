namespace Millrace.Tests.Gateway.Model;

/// <summary>Faults put in on purpose, to see that the model notices.</summary>
internal enum ModelFault
{
    None,

    /// <summary>The network swallows a PUBLISH with QoS 1 and acknowledges it in the client's name.</summary>
    LosesDelivery,

    /// <summary>The network delivers a PUBLISH twice.</summary>
    RepeatsDelivery,

    /// <summary>A restart finds the log without its last commit.</summary>
    ForgetsACommit,
}
