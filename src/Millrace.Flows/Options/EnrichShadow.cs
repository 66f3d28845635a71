using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>The shadow of a thing, whole: <c>state.reported.firmware</c>.</summary>
/// <param name="Name">Of a named shadow; null: the classic one.</param>
public sealed record EnrichShadow(string? Name) : EnrichSource
{
    public override IEnumerable<Problem> Check()
    {
        if (Name is "") yield return new("name", "must name a shadow; leave it out for the classic one");
    }
}
