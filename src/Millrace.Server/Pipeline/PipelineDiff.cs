namespace Millrace.Server.Pipeline;

/// <summary>What applying one pipeline on top of another does.</summary>
public sealed record PipelineDiff
{
    public required PipelineChanges Tables { get; init; }

    public required PipelineChanges Streams { get; init; }

    public required PipelineChanges Collections { get; init; }

    public required PipelineChanges Flows { get; init; }

    public required PipelineChanges Fleets { get; init; }

    /// <summary>All of it, each name with its kind: <c>flow dtc-stop</c>.</summary>
    public PipelineChanges All =>
        Tables.Under("table ").And(Streams.Under("stream ")).And(Collections.Under("collection ")).And(Flows.Under("flow ")).And(Fleets.Under("fleet "));

    public static PipelineDiff Between(PipelineFile before, PipelineFile after) => new()
    {
        Tables = PipelineChanges.Between(before.Tables, after.Tables, static t => t.Name.ToString()),
        Streams = PipelineChanges.Between(before.Streams, after.Streams, static s => s.Name),
        Collections = PipelineChanges.Between(before.Collections, after.Collections, static c => c.Name),
        Flows = PipelineChanges.Between(before.Flows, after.Flows, static f => f.Name),
        Fleets = PipelineChanges.Between(before.Fleets, after.Fleets, static f => f.Name),
    };
}
