using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>A document of a collection, by its key.</summary>
public sealed record EnrichCollection(string Name) : EnrichSource
{
    public override IEnumerable<Problem> Check()
    {
        if (!Name.IsPlainName()) yield return new("collection", PlainNames.Rule);
    }
}
