using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Millrace.Tests.Storage;

/// <summary>Runs a theory with the seeds 0 to count - 1. A failing seed is in the test's name: paste it into an InlineData and it stays.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SeedsAttribute(int count) : DataAttribute
{
    public int Count { get; } = count;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enumerable.Range(0, Count).Select(static seed => new TheoryDataRow<int>(seed))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
