using Millrace.Flows.Options;
using Millrace.Simulator;

namespace Millrace.Server.Pipeline;

/// <summary>A pipeline as code: all that one file declares. Two files that mean the same are equal, however they are written.</summary>
public sealed record PipelineFile
{
    public static PipelineFile Empty { get; } = new();

    public ValueList<TableDeclaration> Tables { get; init; } = [];

    public ValueList<StreamOptions> Streams { get; init; } = [];

    public ValueList<FlowOptions> Flows { get; init; } = [];

    /// <summary>Simulated devices that run with the server and connect to it over MQTT.</summary>
    public ValueList<FleetOptions> Fleets { get; init; } = [];
}
