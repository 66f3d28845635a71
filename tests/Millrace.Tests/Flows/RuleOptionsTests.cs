using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Flows;

/// <summary>A flow's statement and the texts of its destinations are one rule.</summary>
public class RuleOptionsTests
{
    [Fact]
    public void A_destination_sees_the_variables_of_its_rule() =>
        Assert.Empty(Check(Flow("SET @site = topic(2) SELECT * FROM 'wells/+/data'", "sites/${@site}/${vin}")));

    [Fact]
    public void A_variable_that_the_rule_does_not_declare_is_a_problem_where_it_stands()
    {
        var problem = Assert.Single(Check(Flow("SET @site = topic(2) SELECT * FROM '#'", "sites/${@sites}")));
        Assert.Equal("to.republish.topic", problem.Where);
        Assert.Equal((1, 9), (problem.Line, problem.Column));
        Assert.Contains("did you mean @site?", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_of_the_rule_is_that_of_its_texts()
    {
        var flow = Flow("SELECT * FROM '#'", "${get([1], 0)}");
        Assert.Empty(Check(flow));
        Assert.Contains("2016-03-23", Assert.Single(Check(flow with { Version = SqlVersion.V2015 })).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT * FROM '#'", "out/${vin}", false)]
    [InlineData("SELECT principal() AS who FROM '#'", "out/${vin}", true)]
    [InlineData("SELECT * FROM '#' WHERE sourceip() = '1.2.3.4'", "out/${vin}", true)]
    [InlineData("SELECT * FROM '#'", "out/${upper(principal())}", true)]
    public void A_flow_knows_whether_it_asks_who_published(string sql, string topic, bool asks) => Assert.Equal(asks, Flow(sql, topic).AsksForPublisher());

    [Fact]
    public void A_schema_need_not_be_there_where_a_file_is_checked() =>
        Assert.Empty(Check(Flow("SELECT VALUE decode(encode(*, 'base64'), 'proto', 'schemas', 'car.desc', 'car', 'Car') FROM '#'", "out")));

    [Fact]
    public void A_rule_that_is_wrong_itself_says_so_once() =>
        Assert.Equal("sql", Assert.Single(Check(Flow("SET @site = uper(vin) SELECT * FROM '#'", "sites/${@site}"))).Where);

    [Fact]
    public void Without_FROM_a_flow_needs_to_be_reached_by_name()
    {
        var flow = Flow("SELECT a", "out");
        Assert.Empty(Check(flow));
        Assert.Contains("FROM", Assert.Single(Check(flow with { Source = new StreamSource("alarms") })).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/${'}'}/b#", "wildcards")]
    [InlineData("${\"it's\"}+", "wildcards")]
    [InlineData("${{'a': '}'}}", null)]
    public void An_expression_ends_where_it_ends_and_not_at_the_first_brace(string topic, string? problem)
    {
        var problems = Check(Flow("SELECT * FROM '#'", topic));
        if (problem is null) Assert.Empty(problems);
        else Assert.Contains(problem, Assert.Single(problems).What, StringComparison.Ordinal);
    }

    private static FlowOptions Flow(string sql, string topic) => new() { Name = "f", Sql = sql, Sinks = [new RepublishSinkOptions { Topic = topic }] };

    private static Problem[] Check(FlowOptions flow) => [.. flow.Check()];
}
