using Millrace.Server.Pipeline;

namespace Millrace.Server.Cli;

/// <summary>What the verbs serve and demo hand to the server. All of it was checked.</summary>
public sealed record ServerRun
{
    public required ServerOptions Options { get; init; }

    /// <summary>To be applied at start; null: what was applied last.</summary>
    public PipelineFile? Pipeline { get; init; }

    /// <summary>The file <see cref="Pipeline"/> was read from, as it was written.</summary>
    public ReadOnlyMemory<byte> PipelineText { get; init; }

    /// <summary>To be called once, when devices and people can connect.</summary>
    public Action<ServerStarted> Started { get; init; } = static _ => { };
}
