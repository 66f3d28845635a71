using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Where a flow's records end: the records of this room named so. A pipeline file names each by its <see cref="Kind"/>.</summary>
public abstract record SinkOptions
{
    private protected SinkOptions()
    {
    }

    /// <summary>As a pipeline file names it.</summary>
    public abstract string Kind { get; }

    /// <summary>What a person calls the destination: the table, the stream, the topic.</summary>
    public abstract string Target { get; }

    /// <summary>The action's name on AWS: what a message about a failure calls it.</summary>
    public virtual string ActionName => $"{Kind}Action";

    public abstract IEnumerable<Problem> Check();
}
