using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>
/// Where a flow's records end: <see cref="SeriesSinkOptions"/>, <see cref="LakeSinkOptions"/>, <see cref="RepublishSinkOptions"/>,
/// <see cref="StreamSinkOptions"/> or <see cref="LiveSinkOptions"/>.
/// </summary>
public abstract record SinkOptions
{
    private protected SinkOptions()
    {
    }

    /// <summary>As a pipeline file names it.</summary>
    public abstract string Kind { get; }

    /// <summary>What a person calls the destination: the table, the stream, the topic.</summary>
    public abstract string Target { get; }

    /// <summary>The texts with <c>${…}</c> in them, by their places among the options: a rule's variables may stand in them.</summary>
    public virtual IEnumerable<(string Where, string Text)> Texts => [];

    public abstract IEnumerable<Problem> Check();
}
