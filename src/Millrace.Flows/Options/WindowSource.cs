using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>The rows that the windows of a flow give. No pipeline declares it: a statement with GROUP BY has it.</summary>
internal sealed record WindowSource(string Flow) : SourceOptions
{
    public override string Kind => "windows";

    public override IEnumerable<Problem> Check() => [];
}
