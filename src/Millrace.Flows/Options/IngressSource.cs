using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>All that devices publish.</summary>
public sealed record IngressSource : SourceOptions
{
    public override string Kind => "ingress";

    public override IEnumerable<Problem> Check() => [];
}
