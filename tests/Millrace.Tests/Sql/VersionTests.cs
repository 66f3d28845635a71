using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql;

public class VersionTests
{
    [Theory]
    [InlineData("SELECT (SELECT VALUE a FROM b) AS x FROM 't'", 9, "a nested SELECT")]
    [InlineData("SELECT * FROM 't' WHERE EXISTS (SELECT * FROM a)", 25, "EXISTS")]
    [InlineData("SELECT [1] AS x FROM 't'", 8, "an array literal")]
    [InlineData("SELECT {'a': 1} AS x FROM 't'", 8, "an object literal")]
    [InlineData("SELECT cast(a AS Decimal) FROM 't'", 8, "cast to Decimal")]
    [InlineData("SELECT cast(a AS bool) FROM 't'", 8, "cast to bool")]
    [InlineData("SELECT cast(a AS Boolean) FROM 't'", 8, "cast to Boolean")]
    [InlineData("SELECT * FROM 't' WHERE a IN [1]", 30, "an array literal")]
    public void What_2015_lacks_is_refused_naming_the_version_that_has_it(string sql, int column, string what)
    {
        Rule.Compile(sql);
        var error = Rule.Refuse(sql, Rule.V2015);
        Assert.Equal((1, column), (error.Line, error.Column));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("2016-03-23", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT a, upper(b) AS u FROM 't' WHERE a > 1 AND b IN list")]
    [InlineData("SELECT CASE a WHEN 1 THEN 'x' END AS c FROM 't'")]
    [InlineData("SELECT cast(a AS Int) AS i, cast(a AS Integer) AS j, cast(a AS Double) AS d, cast(a AS Text) AS t FROM 't'")]
    [InlineData("SET @a = 1 SELECT VALUE @a FROM 't'")]
    [InlineData("SELECT a.b[0] AS x, get(a, 'b') FROM 't'")]
    public void The_rest_of_the_language_is_in_both(string sql) => Rule.Compile(sql, Rule.V2015);

    [Theory]
    [InlineData("x", "10.0", "10")]
    [InlineData("10.0", "10.0", "10")]
    [InlineData("10.50", "10.5", "10.5")]
    [InlineData("x + ''", "\"10.0\"", "\"10\"")]
    [InlineData("'' + x * 2", "\"20.0\"", "\"20\"")]
    [InlineData("x + 1", "11.0", "11")]
    [InlineData("x - i", "5.0", "5")]
    [InlineData("x / i", "2.0", "2")]
    [InlineData("i * 2", "10", "10")]
    [InlineData("i % 2.0", "1.0", "1")]
    [InlineData("-x", "-10.0", "-10")]
    [InlineData("'5' - 1", "4.0", "4")]
    [InlineData("cast(true AS Double)", "1.0", "1")]
    [InlineData("cast('7' AS Double)", "7.0", "7")]
    [InlineData("cast(i AS Double)", "5", "5")]
    [InlineData("cast(x AS Int)", "10", "10")]
    [InlineData("cast(x AS String)", "\"10.0\"", "\"10\"")]
    [InlineData("i / 2", "2.5", "2.5")]
    [InlineData("1.5 + 1.5", "3.0", "3")]
    [InlineData("x = 10", "true", "true")]
    public void A_whole_Decimal_keeps_its_point_in_2015_and_is_an_Int_in_2016(string expression, string in2015, string in2016)
    {
        const string Payload = """{"x":10.0,"i":5}""";
        Assert.Equal(in2015, Rule.Value(expression, Payload, Rule.V2015));
        Assert.Equal(in2016, Rule.Value(expression, Payload));
    }

    [Theory]
    [InlineData("10.0", "10")]
    [InlineData("-0.0", "0")]
    [InlineData("1e3", "1000")]
    [InlineData("1.5E1", "15")]
    [InlineData("1.50", "1.50")]
    [InlineData("1E400", "1E400")]
    [InlineData("12345678901234567890123456789012345.0", "12345678901234567890123456789012345.0")]
    public void A_whole_number_of_the_payload_that_is_selected_is_written_as_an_Int(string number, string expected)
    {
        Assert.Equal(expected, Rule.Value("x", $$"""{"x":{{number}}}"""));
        Assert.Equal($"[{expected}]", Rule.Value("[x]", $$"""{"x":{{number}}}"""));
        Assert.Equal($"{{\"y\":{expected}}}", Rule.Value("{'y': x}", $$"""{"x":{{number}}}"""));
        Assert.Equal((RuleResult.Output, expected), Rule.Run("SELECT VALUE x FROM 'a/b'", $$"""{"x":{{number}}}"""));
        Assert.Equal((RuleResult.Unchanged, $$"""{"x":{{number}}}"""), Rule.Run("SELECT * FROM 'a/b'", $$"""{"x":{{number}}}"""));
    }

    [Theory]
    [InlineData("a", "")]
    [InlineData("o", """{"k":[1]}""")]
    [InlineData("s", "\"x\"")]
    [InlineData("missing", "")]
    public void SELECT_VALUE_gives_no_array_in_2015(string item, string expected) =>
        Assert.Equal((RuleResult.Output, expected), Rule.Run($"SELECT VALUE {item} FROM 'a/b'", """{"a":[1],"o":{"k":[1]},"s":"x"}""", options: Rule.V2015));
}
