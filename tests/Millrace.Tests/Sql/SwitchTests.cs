using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql;

/// <summary>Where the references leave a question open, and rules that ran elsewhere need the other answer.</summary>
public class SwitchTests
{
    [Theory]
    [InlineData("(75 - 32) * 5 / 9", "23.88888888888888888888888888888889", "23")]
    [InlineData("-7 / 2", "-3.5", "-3")]
    [InlineData("7 / -2", "-3.5", "-3")]
    [InlineData("(50 - 32) * 5 / 9", "10", "10")]
    [InlineData("7 / 2.5", "2.8", "2.8")]
    [InlineData("7.0 / 2", "3.5", "3")]
    [InlineData("'7' / 2", "3.5", "3.5")]
    [InlineData("1 / 0", null, null)]
    [InlineData("9999999999999999999999999999999999 / 10000000000000000000000000000000000", "0.9999999999999999999999999999999999", "0")]
    [InlineData("1e30 / 3", "333333333333333333333333333333.3333", "333333333333333333333333333333")]
    public void Division_of_Ints_is_exact_or_cut(string expression, string? exact, string? cut)
    {
        Assert.Equal(exact, Rule.Value(expression));
        Assert.Equal(cut, Rule.Value(expression, options: RuleSqlOptions.Default with { IntegerDivision = true }));
    }

    [Theory]
    [InlineData("a.b.c", """{"c":7}""", """{"a":{"b":{"c":7}}}""")]
    [InlineData("a.b.c, a.b.d, a.x", """{"c":7,"d":8,"x":9}""", """{"a":{"b":{"c":7,"d":8},"x":9}}""")]
    [InlineData("a.b.c AS z", """{"z":7}""", """{"z":7}""")]
    [InlineData("get(a, 'b').c", """{"c":7}""", """{"c":7}""")]
    [InlineData("abs(a.b.c)", """{"abs":7}""", """{"abs":7}""")]
    public void A_path_without_alias_is_named_by_its_last_part_or_nested(string item, string last, string nested)
    {
        const string Payload = """{"a":{"b":{"c":7,"d":8},"x":9}}""";
        Assert.Equal(last, Rule.Run($"SELECT {item} FROM 'a/b'", Payload).Output);
        Assert.Equal(nested, Rule.Run($"SELECT {item} FROM 'a/b'", Payload, options: RuleSqlOptions.Default with { NestPaths = true }).Output);
    }

    [Theory]
    [InlineData("true OR missing", null, "true")]
    [InlineData("missing OR true", null, "true")]
    [InlineData("false OR missing", null, null)]
    [InlineData("false AND missing", null, "false")]
    [InlineData("missing AND false", null, "false")]
    [InlineData("true AND missing", null, null)]
    [InlineData("missing AND missing", null, null)]
    [InlineData("true AND 'TRUE'", "true", "true")]
    [InlineData("'false' OR false", "false", "false")]
    [InlineData("true OR 1", null, "true")]
    [InlineData("NULL AND true", null, null)]
    public void An_operand_that_is_no_Boolean_makes_the_whole_Undefined_or_only_where_it_matters(string expression, string? table, string? threeValued)
    {
        Assert.Equal(table, Rule.Value(expression));
        Assert.Equal(threeValued, Rule.Value(expression, options: RuleSqlOptions.Default with { ThreeValuedLogic = true }));
    }
}
