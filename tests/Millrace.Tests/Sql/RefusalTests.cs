using FsCheck;
using FsCheck.Fluent;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Syntax;

namespace Millrace.Tests.Sql;

public class RefusalTests
{
    [Theory]
    [InlineData("", 1, "SELECT")]
    [InlineData("FROM 't'", 1, "SELECT")]
    [InlineData("SELECT * junk", 10, "FROM")]
    [InlineData("SELECT 'abc FROM t", 8, "no closing '")]
    [InlineData("SELECT nosuchfn(1) FROM 't'", 8, "there is no function nosuchfn()")]
    [InlineData("SELECT uper(a) FROM 't'", 8, "upper()")]
    [InlineData("SELECT md6(a) FROM 't'", 8, "there is no function md6(); the nearest is md2()")]
    [InlineData("SELECT avg(a) FROM 't'", 8, "one message")]
    [InlineData("SELECT abs() FROM 't'", 8, "takes 1 argument, not 0")]
    [InlineData("SELECT topic(1, 2) FROM 't'", 8, "takes 0 to 1 arguments")]
    [InlineData("SELECT (1 + 2 FROM 't'", 15, "')'")]
    [InlineData("SELECT * FROM 't' GROUP BY x", 19, "GROUP")]
    [InlineData("SELECT * FROM 't' WHERE a >", 28, "the end of the statement")]
    [InlineData("SELECT CASE a END FROM 't'", 15, "WHEN")]
    [InlineData("SELECT VALUE a, b FROM 't'", 15, "exactly one item")]
    [InlineData("SELECT cast(a AS blob) FROM 't'", 18, "no type blob")]
    [InlineData("SELECT * FROM 't' LIMIT 1", 19, "LIMIT")]
    [InlineData("SELECT DISTINCT x FROM 't'", 8, "DISTINCT")]
    [InlineData("SELECT * FROM 't' WHERE x LIKE 'a%'", 27, "startswith")]
    [InlineData("SELECT * FROM 't' WHERE x BETWEEN 1 AND 2", 27, ">=")]
    [InlineData("SELECT * FROM 't' WHERE x IS NULL", 27, "isNull")]
    [InlineData("SELECT * FROM 't' WHERE x == 'y'", 27, "'='")]
    [InlineData("SELECT * FROM 't' WHERE a || b", 27, "concat")]
    [InlineData("SELECT * FROM 't'; DROP TABLE x", 18, "one statement")]
    [InlineData("INSERT INTO x", 1, "SELECT")]
    [InlineData("SELECT @a FROM 't'", 8, "SET")]
    [InlineData("SELECT *, * FROM 't'", 11, "once")]
    [InlineData("SELECT 1 + 2 FROM 't'", 10, "AS")]
    [InlineData("SELECT a FROM 'a/#/b'", 15, "'#'")]
    [InlineData("SELECT a FROM 'a/b+'", 15, "'+'")]
    [InlineData("SELECT a FROM ''", 15, "empty")]
    [InlineData("SELECT a FROM '$aws/rules/x'", 15, "Basic Ingest")]
    [InlineData("SELECT a FORM 't'", 10, "did you mean FROM")]
    [InlineData("SELECT a FROM", 14, "topic filter")]
    [InlineData("SELECT a.1 FROM 't'", 10, "get()")]
    [InlineData("SELECT 15abc FROM 't'", 8, "not a number")]
    [InlineData("SELECT 1e1000 AS x FROM 't'", 8, "range")]
    [InlineData("SELECT a AS FROM 't'", 18, "FROM")]
    [InlineData("SELECT 1 < 2 < 3 AS x FROM 't'", 14, "AND")]
    [InlineData("SELECT a # b FROM 't'", 10, "'#'")]
    [InlineData("SELECT a, FROM 't'", 11, "an expression")]
    [InlineData("SELECT a FROM 't', 'u'", 18, "one topic filter")]
    [InlineData("SELECT a FROM t;", 15, "quotes")]
    [InlineData("SELECT a FROM a,b", 15, "quotes")]
    [InlineData("SELECT a FROM WHERE a > 1", 15, "topic filter")]
    [InlineData("SELECT a b FROM 't'", 10, "AS")]
    [InlineData("SELEC a FROM 't'", 1, "did you mean SELECT?")]
    [InlineData("SELECT a FROM 't' WERE a > 1", 19, "did you mean WHERE?")]
    [InlineData("SELECT a FROM 't' WHERE a > 1 ADN b", 31, "did you mean AND?")]
    [InlineData("SELECT a FROM 't' JOIN u", 19, "transform()")]
    [InlineData("SELECT a FROM 't' ORDER BY a", 19, "nothing to sort")]
    [InlineData("SELECT a FROM 't' HAVING a", 19, "HAVING")]
    [InlineData("SELECT a FROM 't' UNION SELECT b FROM 'u'", 19, "two rules")]
    [InlineData("SELECT a -- why", 10, "comments")]
    [InlineData("SELECT a /* why */ FROM 't'", 10, "comments")]
    [InlineData("SELECT a // why", 10, "comments")]
    [InlineData("SELECT a && b AS c FROM 't'", 10, "AND")]
    [InlineData("SELECT !a AS c FROM 't'", 8, "NOT")]
    [InlineData("SELECT a | b AS c FROM 't'", 10, "bitor()")]
    [InlineData("SELECT a ^ b AS c FROM 't'", 10, "bitxor()")]
    [InlineData("SELECT a::int AS c FROM 't'", 9, "cast(x AS type)")]
    [InlineData("SELECT a->b AS c FROM 't'", 9, "get(a, 'b')")]
    [InlineData("SELECT `a` FROM 't'", 8, "without quotes")]
    [InlineData("SELECT a FROM 't' WHERE a IN (1, 2)", 32, "brackets")]
    [InlineData("SELECT .5 AS x FROM 't'", 8, "write 0")]
    [InlineData("SELECT 5. AS x FROM 't'", 8, "not a number")]
    [InlineData("SELECT 0x1F AS x FROM 't'", 8, "not a number")]
    [InlineData("SELECT 2 * * AS x FROM 't'", 12, "alone")]
    [InlineData("SELECT CASE WHEN a > 1 THEN 2 END AS x FROM 't'", 13, "CASE TRUE WHEN")]
    [InlineData("SELECT CASE a WHEN 1 END AS x FROM 't'", 22, "THEN")]
    [InlineData("SELECT CASE a WHEN 1 THEN 2 AS x FROM 't'", 29, "WHEN, ELSE or END")]
    [InlineData("SELECT CASE a WHEN 1 THEN 2 ELSE 3 WHEN 4 THEN 5 END AS x FROM 't'", 36, "END")]
    [InlineData("SELECT cast(a AS Strin) FROM 't'", 18, "did you mean String?")]
    [InlineData("SELECT cast(a Int) FROM 't'", 15, "AS")]
    [InlineData("SELECT (SELECT a FROM 'b') AS x FROM 't'", 23, "no topic")]
    [InlineData("SELECT (SELECT a) AS x FROM 't'", 17, "FROM")]
    [InlineData("SELECT (SELECT a FROM b, c) AS x FROM 't'", 24, "transform()")]
    [InlineData("SELECT (SELECT a FROM 5) AS x FROM 't'", 23, "a path")]
    [InlineData("SELECT (SELECT a FROM b c) AS x FROM 't'", 25, "AS")]
    [InlineData("SELECT (SELECT a FROM b LIMIT 1) AS x FROM 't'", 25, "LIMIT")]
    [InlineData("SELECT (SELECT VALUE a, b FROM c) AS x FROM 't'", 23, "exactly one item")]
    [InlineData("SELECT (SELECT a FROM b) FROM 't'", 9, "add AS")]
    [InlineData("SELECT (SELECT a + 1 FROM b) AS x FROM 't'", 18, "add AS")]
    [InlineData("SELECT * FROM 't' WHERE EXISTS arr", 32, "'('")]
    [InlineData("SELECT * FROM 't' WHERE EXISTS (arr)", 33, "SELECT")]
    [InlineData("SELECT {a: 1} AS x FROM 't'", 9, "in quotes")]
    [InlineData("SELECT {'a' 1} AS x FROM 't'", 13, "':'")]
    [InlineData("SELECT [1 2] AS x FROM 't'", 11, "',' or ']'")]
    [InlineData("SELECT [1,] AS x FROM 't'", 11, "an expression")]
    [InlineData("SELECT a NOT b FROM 't'", 14, "IN")]
    [InlineData("UPDATE x SET a = 1", 1, "SELECT or SET")]
    public void A_mistake_is_named_where_it_stands(string sql, int column, string message)
    {
        var error = Rule.Refuse(sql);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((1, column), (error.Line, error.Column));
    }

    [Fact]
    public void Half_a_character_is_refused() => Assert.Equal(14, Rule.Refuse("SELECT 1 AS '\uD800' FROM 't'").Column);

    [Fact]
    public void Lines_are_counted()
    {
        var error = Rule.Refuse("SELECT a\nFROM 't'\n  WHERE uper(a) = 'X'");
        Assert.Equal((3, 9), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("SELECT value FROM topic/#")]
    [InlineData("select VALUE, a from \"t\" where a in [1] and not b or c")]
    [InlineData("SELECT a AS 'with space' FROM 't'")]
    [InlineData("SELECT cast FROM 't' WHERE topic = 1")]
    public void Other_spellings_are_taken(string sql) => Rule.Compile(sql);

    [Theory]
    [InlineData("(", ")")]
    [InlineData("- ", "")]
    [InlineData("(SELECT VALUE ", " FROM a)")]
    [InlineData("CASE a WHEN 1 THEN ", " END")]
    [InlineData("NOT ", "")]
    [InlineData("[", "]")]
    [InlineData("abs(", ")")]
    [InlineData("1+(", ")")]
    [InlineData("a[", "]")]
    public void Nesting_has_a_limit_and_never_ends_the_program(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 10_000)) + "1" + string.Concat(Enumerable.Repeat(close, 10_000));
        Assert.Contains("deep", Rule.Refuse($"SELECT {deep} AS x FROM 't'").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_chains_have_a_limit_too()
    {
        static string Sum(int terms) => $"SELECT {string.Join('+', Enumerable.Repeat("1", terms))} AS x FROM 't'";
        Assert.Equal("{\"x\":500}", Rule.Run(Sum(500), "").Output);
        Assert.Contains("deep", Rule.Refuse(Sum(5000)).Message, StringComparison.Ordinal);
        Assert.Contains("1000 items", Rule.Refuse($"SELECT {string.Join(',', Enumerable.Repeat("a", 1001))} FROM 't'").Message, StringComparison.Ordinal);
        Assert.Equal("{}", Rule.Run($"SELECT {string.Join(',', Enumerable.Repeat("a", 1000))} FROM 't'", "{}").Output);
        var path = string.Join('.', Enumerable.Repeat("a", 500));
        Assert.Contains("path", Rule.Refuse($"SELECT {path} FROM 't'").Message, StringComparison.Ordinal);
        Assert.Contains("KiB", Rule.Refuse(new string(' ', 300_000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_text_there_is_a_rule_or_an_error_within_it()
    {
        string[] words =
        [
            "SELECT", "FROM", "WHERE", "AS", "*", ",", "'t'", "\"x", "a", "a.b", "value", "VALUE", "(", ")", "[", "]", "{", "}", ":", "1",
            "2.5e3", "-", "+", "=", "<", "<>", "AND", "OR", "NOT", "IN", "cast(", "topic(", "@x", "${", "\n", "é", "\uD800", "\0", "/#", "CASE",
            "WHEN", "THEN", "ELSE", "END", "EXISTS", "(SELECT", "FROM a)", "SET", "@a", "==", "--", ";", "LIKE", "'k':", "AS Int)", "END)", "[0]", ".b",
        ];
        var texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Where(static s => s is not null),
            Gen.Elements(words).ListOf().Select(static list => string.Join(' ', list)),
            Gen.Elements(words).ListOf().Select(static list => "SELECT " + string.Concat(list) + " FROM 't'"),
            Gen.Elements(words).ListOf(5).Select(static list => $"SET @a = {string.Join(' ', list)} SELECT VALUE @a"),
            Gen.Elements(words).ListOf(3).Select(static list => $"SELECT *, {string.Join(' ', list)} AS 'x' FROM 't'"));
        Prop.ForAll(texts.ToArbitrary(), static sql =>
        {
            if (!RuleSql.TryCompile(sql, out var rule, out var error)) AssertWithin(sql, error);
            else
            {
                Evaluate(rule);
                var text = SyntaxText.Of(Parser.Parse(sql));
                Assert.Equal(text, SyntaxText.Of(Parser.Parse(text)));
            }

            if (!Template.TryCompile(sql, out _, out error)) AssertWithin(sql, error);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static void Evaluate(CompiledRule rule)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var record = new Millrace.Contracts.Records.Record { Topic = "a/b"u8, Payload = """{"a":{"b":[1,"x"]},"value":2.5,"c":null}"""u8 };
        if (rule.Evaluate(record, new RuleContext(TimeProvider.System), output) != RuleResult.Output) return;
        if (output.WrittenCount == 0) return;
        using var json = System.Text.Json.JsonDocument.Parse(output.WrittenMemory);
    }

    private static void AssertWithin(string sql, SqlError error)
    {
        var lines = sql.Split('\n');
        Assert.InRange(error.Line, 1, lines.Length);
        Assert.InRange(error.Column, 1, lines[error.Line - 1].Length + 1);
        Assert.NotEmpty(error.Message);
    }
}
