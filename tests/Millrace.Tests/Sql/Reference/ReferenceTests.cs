using Xunit.Sdk;

namespace Millrace.Tests.Sql.Reference;

public class ReferenceTests
{
    private const int CasesOfASeed = 1000;

    public static IEnumerable<TheoryDataRow<int>> Seeds() => Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("SEEDS") ?? "5")).Select(static seed => new TheoryDataRow<int>(seed));

    [Theory, MemberData(nameof(Seeds))]
    public void The_evaluator_gives_what_a_slow_one_gives(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < CasesOfASeed; i++)
        {
            var failing = new RuleCase(new RandomRule(random).Statement(), RandomPayload.Of(random));
            if (failing.Disagreement() is { } told)
                throw new XunitException($"case {i} of seed {seed}: {RuleShrinker.Shrink(failing).Disagreement()}\n\nbefore it was made smaller: {told}");
        }
    }
}
