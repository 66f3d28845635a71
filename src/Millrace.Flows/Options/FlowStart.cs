namespace Millrace.Flows.Options;

/// <summary>Where a flow without a checkpoint begins to read.</summary>
public enum FlowStart
{
    /// <summary>At the oldest record the source still keeps: what was sent before the flow was made is filled in.</summary>
    Oldest,

    /// <summary>With the first record that arrives after the flow was made.</summary>
    Now,
}
