namespace Millrace.Flows.Running;

public enum FlowState
{
    Starting,
    Running,

    /// <summary>The destination is away; the flow keeps its place and tries again.</summary>
    Retrying,

    /// <summary>Stopped for good by corrupt data or a bug. What it did not read stays in the log.</summary>
    Failed,
    Stopped,
}
