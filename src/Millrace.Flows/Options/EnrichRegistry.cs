using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>What the registry knows of a thing, in the shape of AWS's DescribeThing: <c>attributes.model</c>, <c>thingTypeName</c>.</summary>
public sealed record EnrichRegistry : EnrichSource
{
    public override IEnumerable<Problem> Check() => [];
}
