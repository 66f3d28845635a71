using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql;

public class NestedSelectTests
{
    private const string Senml = """{"n":"outer","unit":"K","e":[{"n":"t","v":22.5,"u":null},{"n":"l","v":135},{"n":"a","v":7,"w":[1,2]}],"o":{"a":1,"b":{"c":[3]}}}""";

    [Theory]
    [InlineData("(SELECT VALUE n FROM e)", """["t","l","a"]""")]
    [InlineData("(SELECT n FROM e)", """[{"n":"t"},{"n":"l"},{"n":"a"}]""")]
    [InlineData("(SELECT v FROM e WHERE n = 't')", """[{"v":22.5}]""")]
    [InlineData("(SELECT v FROM e WHERE n = 'none')", "[]")]
    [InlineData("(SELECT w FROM e)", """[{},{},{"w":[1,2]}]""")]
    [InlineData("(SELECT VALUE w FROM e)", "[[1,2]]")]
    [InlineData("(SELECT VALUE u FROM e)", "[null]")]
    [InlineData("(SELECT VALUE n FROM e WHERE isNull(u))", """["t"]""")]
    [InlineData("(SELECT VALUE x.n FROM e AS x WHERE x.v > 20)", """["t","l"]""")]
    [InlineData("(SELECT VALUE x FROM [1]) ", null)]
    [InlineData("(SELECT n AS name.first, v * 2 AS twice FROM e WHERE v < 20)", """[{"name":{"first":"a"},"twice":14}]""")]
    [InlineData("(SELECT *, v + 1 AS v FROM e WHERE v = 7)", """[{"n":"a","w":[1,2],"v":8}]""")]
    [InlineData("(SELECT 0 AS v, *, missing AS n FROM e WHERE v = 7)", """[{"n":"a","v":7,"w":[1,2]}]""")]
    [InlineData("(SELECT 0 AS z, * FROM e WHERE v = 7)", """[{"z":0,"n":"a","v":7,"w":[1,2]}]""")]
    [InlineData("(SELECT * AS all FROM e WHERE v = 135)", """[{"all":{"n":"l","v":135}}]""")]
    [InlineData("(SELECT VALUE * FROM e WHERE v = 135)", """[{"n":"l","v":135}]""")]
    [InlineData("(SELECT * FROM e WHERE v = 135)", """[{"n":"l","v":135}]""")]
    public void Over_an_array_it_gives_an_array(string select, string? expected)
    {
        if (expected is null) Rule.Refuse($"SELECT {select} AS r FROM '#'");
        else Assert.Equal(expected, Rule.Value(select, Senml));
    }

    [Theory]
    [InlineData("(SELECT a FROM o)", """{"a":1}""")]
    [InlineData("(SELECT VALUE a FROM o)", "1")]
    [InlineData("(SELECT VALUE c FROM o.b)", "[3]")]
    [InlineData("(SELECT VALUE * FROM o.b)", """{"c":[3]}""")]
    [InlineData("(SELECT *, 2 AS a FROM o)", """{"b":{"c":[3]},"a":2}""")]
    [InlineData("(SELECT a, x.b.c AS c FROM o AS x WHERE x.a = 1)", """{"a":1,"c":[3]}""")]
    [InlineData("(SELECT a FROM o WHERE a = 2)", null)]
    [InlineData("(SELECT VALUE missing FROM o)", null)]
    [InlineData("(SELECT missing FROM o)", "{}")]
    public void Over_an_object_it_gives_an_object_or_the_value(string select, string? expected) =>
        Assert.Equal(expected, Rule.Value(select, Senml));

    [Theory]
    [InlineData("(SELECT a FROM missing)")]
    [InlineData("(SELECT a FROM n)")]
    [InlineData("(SELECT a FROM e.n)")]
    [InlineData("(SELECT VALUE a FROM o.a)")]
    public void Over_anything_else_it_is_Undefined(string select) => Assert.Null(Rule.Value(select, Senml));

    [Theory]
    [InlineData("(SELECT VALUE unit FROM e)", """["K","K","K"]""")]
    [InlineData("(SELECT VALUE {'n': n, 'all': (SELECT VALUE n FROM w), 'k': (SELECT VALUE i * v FROM w AS i)} FROM e WHERE v = 7)", """[{"n":"a","all":["a","a"],"k":[7,14]}]""")]
    [InlineData("(SELECT VALUE o.a FROM e WHERE v = 7)", "[1]")]
    [InlineData("(SELECT VALUE (SELECT VALUE y.v + x.v FROM e AS y WHERE y.n = x.n) FROM e AS x)", "[[45],[270],[14]]")]
    [InlineData("(SELECT VALUE get(w, 1) FROM e)[0]", "2")]
    [InlineData("get((SELECT v FROM e WHERE n = 't'), 0).v", "22.5")]
    [InlineData("(SELECT VALUE z FROM (SELECT v AS z FROM e))", "[22.5,135,7]")]
    [InlineData("(SELECT VALUE n FROM e[2])", "\"a\"")]
    [InlineData("(SELECT VALUE n FROM get(e, 1))", "\"l\"")]
    [InlineData("(SELECT VALUE topic(1) FROM e WHERE v = 7)", """["a"]""")]
    public void What_the_element_lacks_is_looked_for_around_the_SELECT(string select, string expected) =>
        Assert.Equal(expected, Rule.Value(select, Senml));

    [Theory]
    [InlineData("EXISTS (SELECT * FROM arr AS a WHERE a = 3)", "true")]
    [InlineData("EXISTS (SELECT * FROM arr AS a WHERE a = '3')", "false")]
    [InlineData("EXISTS (SELECT * FROM arr)", "true")]
    [InlineData("EXISTS (SELECT * FROM none)", "false")]
    [InlineData("EXISTS (SELECT * FROM empty)", "false")]
    [InlineData("EXISTS (SELECT VALUE missing FROM arr)", "false")]
    [InlineData("EXISTS (SELECT missing FROM arr)", "true")]
    [InlineData("EXISTS (SELECT k FROM o WHERE k = 1)", "true")]
    [InlineData("EXISTS (SELECT k FROM o WHERE k = 2)", "false")]
    [InlineData("NOT EXISTS (SELECT * FROM empty) AND true", "true")]
    public void EXISTS_asks_whether_there_is_any(string condition, string expected) =>
        Assert.Equal(expected, Rule.Value(condition, """{"arr":[1,3,"x",null],"empty":[],"o":{"k":1}}"""));

    [Fact]
    public void Names_with_escapes_and_names_that_are_there_twice_are_found_as_everywhere()
    {
        Assert.Equal("[2]", Rule.Value("(SELECT VALUE é FROM a)", """{"a":[{"\u00e9":1,"é":2}]}"""));
        Assert.Equal("[1]", Rule.Value("(SELECT VALUE é FROM a)", """{"a":[{"é":2,"\u00e9":1}]}"""));
        Assert.Equal("""[{"é":5}]""", Rule.Value("(SELECT *, 5 AS é FROM a)", """{"a":[{"\u00e9":1}]}"""));
    }

    [Fact]
    public void Long_arrays_need_no_more_memory_than_their_output()
    {
        var elements = string.Join(',', Enumerable.Range(0, 100_000).Select(static i => $$"""{"i":{{i}},"s":"\u0041{{i}}"}"""));
        Assert.Equal("100000", Rule.Value("get((SELECT VALUE i + 1 FROM a WHERE s = 'A' + i), 99999)", $$"""{"a":[{{elements}}]}"""));
    }

    [Fact]
    public void A_statement_that_multiplies_its_work_is_stopped_with_the_reason()
    {
        var payload = System.Text.Encoding.UTF8.GetBytes($$"""{"a":[{{string.Join(',', Enumerable.Repeat("1", 50_000))}}]}""");
        const string Sql = "SELECT (SELECT VALUE (SELECT VALUE (SELECT VALUE 1 FROM a WHERE false) FROM a) FROM a) AS r FROM '#'";
        var (result, _) = Rule.Run(Sql, payload, "a/b", "c", out var reason);
        Assert.Equal(RuleResult.Unreadable, result);
        Assert.Contains("multiply", reason, StringComparison.Ordinal);
    }
}
