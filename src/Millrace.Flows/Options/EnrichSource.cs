using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>
/// What a step looks in: <see cref="EnrichTable"/>, <see cref="EnrichRegistry"/>, <see cref="EnrichShadow"/> or <see cref="EnrichCollection"/>.
/// </summary>
public abstract record EnrichSource
{
    private protected EnrichSource()
    {
    }

    public abstract IEnumerable<Problem> Check();
}
