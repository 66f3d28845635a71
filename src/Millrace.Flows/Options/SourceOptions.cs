using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>What a flow reads: <see cref="IngressSource"/> or <see cref="StreamSource"/>.</summary>
public abstract record SourceOptions
{
    private protected SourceOptions()
    {
    }

    /// <summary>As a pipeline file names it.</summary>
    public abstract string Kind { get; }

    public abstract IEnumerable<Problem> Check();
}
