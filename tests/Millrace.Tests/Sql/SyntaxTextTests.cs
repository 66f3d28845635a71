using Millrace.Sql.Rules.Syntax;
using Millrace.Tests.Sql.Reference;

namespace Millrace.Tests.Sql;

public class SyntaxTextTests
{
    [Theory]
    [InlineData("SELECT * FROM 'a/b'")]
    [InlineData("SELECT a.b.c AS x.y, 1 + 2 * 3 AS 'with space', value FROM 'it''s' WHERE NOT a AND (b OR c)")]
    [InlineData("SET @a = 1, @b = @a.x[0] SELECT VALUE {'k': [@a, -1], 'it''s': NULL} FROM 't'")]
    [InlineData("SELECT -(-a) AS m, a - (-b) AS n, -a.b AS o, (1).x AS p, (-1).x AS q, a - (b - c) AS r, (a = b) = c AS s FROM 't'")]
    [InlineData("SELECT VALUE (-1) FROM 't'")]
    [InlineData("SELECT VALUE [1] FROM 't'")]
    [InlineData("SELECT value[0] AS v, value * 2 AS w FROM 't'")]
    [InlineData("SELECT VALUE * FROM 't'")]
    [InlineData("SELECT VALUE (is) FROM 't'")]
    [InlineData("SELECT CASE a WHEN 1 THEN 'x' WHEN 2 THEN CASE b WHEN 'y' THEN NULL END ELSE FALSE END AS c FROM 't'")]
    [InlineData("SELECT (SELECT VALUE x.n FROM get(e, 1).f AS x WHERE x.n > 1)[0] AS c FROM 't' WHERE EXISTS (SELECT *, 1 AS b FROM (SELECT * FROM e))")]
    [InlineData("SELECT NOT a IN [1, 2] AS x, cast(a + 1 AS Int) AS y, encode(*, 'base64') AS z")]
    public void A_statement_is_written_as_it_is_read(string sql) => Assert.Equal(sql, SyntaxText.Of(Parser.Parse(sql)));

    [Theory]
    [InlineData("select a as b from t/# where a not in [ 1 ] and not(b)", "SELECT a AS b FROM 't/#' WHERE NOT a IN [1] AND NOT b")]
    [InlineData("SELECT ((a)) + (b * c), \"x\" AS end FROM \"t\"", "SELECT a + b * c, 'x' AS end FROM 't'")]
    [InlineData("SELECT a != b AS x", "SELECT a <> b AS x")]
    public void Spelling_and_parentheses_that_mean_nothing_are_not_kept(string sql, string expected) =>
        Assert.Equal(expected, SyntaxText.Of(Parser.Parse(sql)));

    /// <summary>The first text has parentheses around everything, the second only where precedence asks for them.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_statement_written_back_gives_the_same(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 1000; i++)
        {
            var sql = TermText.Of(new RandomRule(random).Statement());
            var payload = RandomPayload.Of(random).Json();
            var again = SyntaxText.Of(Parser.Parse(sql));
            Assert.Equal(again, SyntaxText.Of(Parser.Parse(again)));
            Assert.True(Rule.Run(sql, payload) == Rule.Run(again, payload), $"{sql}\nis written back as\n{again}\nwhich gives something else on\n{payload}");
        }
    }
}
