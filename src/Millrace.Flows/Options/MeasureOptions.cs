using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>What of a record is measured: <see cref="SingleMeasure"/> or <see cref="MultiMeasure"/>.</summary>
public abstract record MeasureOptions
{
    private protected MeasureOptions()
    {
    }

    public abstract IEnumerable<Problem> Check();
}
