using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>To whoever is looking at the live page. Nobody looking: nothing kept.</summary>
public sealed record LiveSinkOptions : SinkOptions
{
    public override string Kind => "live";

    public override string Target => "the live page";

    public override IEnumerable<Problem> Check() => [];
}
