using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>The records of a named stream.</summary>
public sealed record StreamSource(string Name) : SourceOptions
{
    public override string Kind => "stream";

    public override IEnumerable<Problem> Check()
    {
        if (!Name.IsPlainName()) yield return new("name", PlainNames.Rule);
    }
}
