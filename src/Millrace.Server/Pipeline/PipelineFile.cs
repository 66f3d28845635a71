using Millrace.Flows.Options;
using Millrace.Simulator;

namespace Millrace.Server.Pipeline;

/// <summary>A pipeline as code: all that one file declares. Two files that mean the same are equal, however they are written.</summary>
public sealed record PipelineFile
{
    public static PipelineFile Empty { get; } = new();

    public ValueList<TableDeclaration> Tables { get; init; } = [];

    public ValueList<StreamOptions> Streams { get; init; } = [];

    /// <summary>Documents by key: what DynamoDB calls tables.</summary>
    public ValueList<CollectionOptions> Collections { get; init; } = [];

    /// <summary>Those of <c>flows:</c>, then those of <c>rules:</c>: a rule of AWS is a flow that is written otherwise.</summary>
    public ValueList<FlowOptions> Flows { get; init; } = [];

    /// <summary>Simulated devices that run with the server and connect to it over MQTT.</summary>
    public ValueList<FleetOptions> Fleets { get; init; } = [];
}
