using Millrace.Sql.History;

namespace Millrace.Tests.Sql;

public class ShowStatementTests
{
    [Theory]
    [InlineData("SHOW DATABASES", ShowKind.Databases, null, null, null)]
    [InlineData(" show databases like 'fl%' ; -- all", ShowKind.Databases, null, null, "fl%")]
    [InlineData("SHOW TABLES", ShowKind.Tables, null, null, null)]
    [InlineData("SHOW TABLES FROM my-fleet LIKE 'it''s'", ShowKind.Tables, "my-fleet", null, "it's")]
    [InlineData("SHOW TABLES FROM \"a\"\"b\"", ShowKind.Tables, "a\"b", null, null)]
    [InlineData("SHOW MEASURES FROM \"db\".t1 LIKE '%'", ShowKind.Measures, "db", "t1", "%")]
    [InlineData("DESCRIBE fleet.\"my table\"", ShowKind.Columns, "fleet", "my table", null)]
    [InlineData("DESC 1st . 2nd-x", ShowKind.Columns, "1st", "2nd-x", null)]
    public void Statements_about_tables_are_read(string sql, ShowKind kind, string? database, string? table, string? pattern)
    {
        var read = ShowStatement.Read(sql);
        Assert.NotNull(read);
        Assert.Equal((kind, database, table, pattern), (read.Kind, read.Database, read.Table, read.Pattern));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SELECT 1")]
    [InlineData("shows")]
    [InlineData("\"show\" databases")]
    [InlineData("EXPLAIN SELECT 1")]
    public void Anything_else_is_a_query(string sql) => Assert.Null(ShowStatement.Read(sql));

    [Theory]
    [InlineData("SHOW", 4)]
    [InlineData("SHOW ALL TABLES", 5)]
    [InlineData("SHOW TABLES FROM", 16)]
    [InlineData("SHOW TABLES LIKE x", 17)]
    [InlineData("SHOW TABLES LIKE 'x", 17)]
    [InlineData("SHOW MEASURES FROM db", 21)]
    [InlineData("DESCRIBE SELECT 1", 16)]
    [InlineData("DESCRIBE a.b; DROP TABLE c", 14)]
    [InlineData("DESCRIBE \"", 9)]
    [InlineData("DESCRIBE a.'b'", 11)]
    public void A_wrong_one_is_refused_with_its_place(string sql, int position)
    {
        var refused = Assert.Throws<HistoryException>(() => ShowStatement.Read(sql));
        Assert.Equal(position, refused.Position);
        Assert.Contains("SHOW MEASURES", refused.Message, StringComparison.Ordinal);
    }
}
