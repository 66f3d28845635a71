using System.Text;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Tests.Storage.Series.Planning;

public sealed class SelectClausesTests
{
    [Theory]
    [InlineData("t GROUP BY a, b", "t ")]
    [InlineData("t AS x WHERE a OR b GROUP BY 1 HAVING c OR d ORDER BY 1", "t AS x WHERE ( a OR b ) AND ( c OR d) ORDER BY 1")]
    [InlineData("t group by a having n > 1) SELECT 1 GROUP BY 2", "t WHERE ( n > 1)) SELECT 1 GROUP BY 2")]
    [InlineData("t WHERE \"having\" = 'GROUP BY ''x''' AND t.group = (b) GROUP BY (a), f(b, 'HAVING') LIMIT 3", "t WHERE \"having\" = 'GROUP BY ''x''' AND t.group = (b)  LIMIT 3")]
    [InlineData("t WHERE(a)GROUP BY a HAVING(b);", "t WHERE ((a)) AND ((b));")]
    public void The_groups_are_left_out_and_what_was_asked_of_them_is_asked_of_rows(string sql, string anew)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        var splices = new Splices();
        SelectClauses.Find(bytes, 1)!.Value.Ungroup(splices);
        Assert.Equal(anew, splices.Apply(bytes));
    }

    [Theory]
    [InlineData("t WHERE a")]
    [InlineData("t GROUP BY a -- HAVING")]
    [InlineData("t /* x */ GROUP BY a")]
    [InlineData("t WHERE a = E'\\'' GROUP BY a")]
    [InlineData("t WHERE a = $$ GROUP BY b $$ GROUP BY a")]
    [InlineData("t WHERE a = 'x GROUP BY a")]
    [InlineData("t WHERE (a GROUP BY a")]
    [InlineData("t WHERE a WHERE b GROUP BY a")]
    [InlineData("t HAVING b GROUP BY a")]
    [InlineData("t SELECT a GROUP BY a")]
    [InlineData("t GROUP BY a HAVING mode() WITHIN GROUP (ORDER BY b) > 1")]
    public void What_is_not_plain_is_left_alone(string sql) => Assert.Null(SelectClauses.Find(Encoding.UTF8.GetBytes(sql), 1));
}
