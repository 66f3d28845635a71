using Xunit.Sdk;

namespace Millrace.Tests.Sql.Reference;

public class ReferenceTests
{
    private const int CasesOfASeed = 1000;

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
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
