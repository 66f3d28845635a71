using System.Text;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Server.Pipeline;

public sealed class SqlOptionsTests
{
    [Theory]
    [InlineData("", false, false, false)]
    [InlineData(", sqlOptions: { integerDivision: true }", true, false, false)]
    [InlineData(", sqlOptions: { nestPaths: true, threeValuedLogic: true, integerDivision: false }", false, true, true)]
    public void A_flow_has_the_switches_that_its_file_says(string options, bool integerDivision, bool nestPaths, bool threeValuedLogic)
    {
        var flow = Read($$"""flows: { f: { sql: "SELECT * FROM '#'", to: { live: }{{options}} } }""", out var problems);
        Assert.Equal("", problems);
        Assert.Equal(RuleSqlOptions.Default with { IntegerDivision = integerDivision, NestPaths = nestPaths, ThreeValuedLogic = threeValuedLogic }, flow!.SqlOptions);
    }

    [Fact]
    public void A_switch_that_there_is_not_is_refused()
    {
        Read("""flows: { f: { sql: "SELECT * FROM '#'", to: { live: }, sqlOptions: { intDivision: true } } }""", out var problems);
        Assert.Contains("intDivision", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_in_the_file_may_have_a_variable_of_its_rule()
    {
        Read("""flows: { f: { sql: "SET @k = topic(2) SELECT * FROM '#'", to: { republish: { topic: "out/${@k}" } } } }""", out var problems);
        Assert.Equal("", problems);
        Read("""flows: { f: { sql: "SELECT * FROM '#'", to: { republish: { topic: "out/${@k}" } } } }""", out problems);
        Assert.Contains("@k", problems, StringComparison.Ordinal);
    }

    private static FlowOptions? Read(string yaml, out string problems)
    {
        var read = PipelineReader.TryRead(Encoding.UTF8.GetBytes(yaml), out var pipeline, out var found);
        problems = string.Join("; ", found);
        return read ? pipeline!.Flows.Single() : null;
    }
}
