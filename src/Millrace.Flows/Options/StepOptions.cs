using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>What is done to each record: <see cref="CorrectTimeOptions"/>, <see cref="SplitMeasuresOptions"/> or <see cref="EnrichOptions"/>.</summary>
public abstract record StepOptions
{
    private protected StepOptions()
    {
    }

    /// <summary>As a pipeline file names it.</summary>
    public abstract string Kind { get; }

    public abstract IEnumerable<Problem> Check();
}
