using Millrace.Sql.Rules;

namespace Millrace.Tests.Sql.Hostile;

public class HostileStatementTests
{
    private const long Mebi = 1 << 20;

    [Theory]
    [InlineData("SELECT regexp_matches(s, '(a+)+$') AS x FROM '#'")]
    [InlineData("SELECT regexp_matches(s, '(a|a)*b') AS x FROM '#'")]
    [InlineData("SELECT regexp_matches(s, '(.*)*=(.*)*') AS x FROM '#'")]
    [InlineData("SELECT regexp_substr(s, '(a|aa)+$') AS x FROM '#'")]
    [InlineData("SELECT regexp_replace(s, '(a*)*b', 'x') AS x FROM '#'")]
    [InlineData("SELECT regexp_matches(s, p) AS x FROM '#'")]
    [InlineData("SELECT regexp_matches(s, q) AS x FROM '#'")]
    public void A_pattern_cannot_stop_a_flow(string sql)
    {
        var payload = $"{{\"s\":\"{new string('a', 50_000)}!\",\"p\":\"((a{{0,50}}){{0,50}}){{0,50}}$\",\"q\":\"{new string('(', 5000)}\"}}";
        var outcome = Outcome.Of(sql, payload);
        Assert.True(outcome.Result is RuleResult.Output or RuleResult.Unreadable or null, outcome.Reason);
        Assert.InRange(outcome.Allocated, 0, 200 * Mebi);
    }

    [Theory]
    [InlineData("SELECT replace(replace(replace(s, 'a', s), 'a', s), 'a', s) AS x FROM '#'")]
    [InlineData("SELECT replace(replace(s, '', s), 'a', s) AS x FROM '#' WHERE length(replace(replace(s, 'a', s), 'a', s)) > 0")]
    [InlineData("SELECT regexp_replace(regexp_replace(s, 'a', s), 'a', s) AS x FROM '#'")]
    [InlineData("SELECT regexp_replace(s, '(a+)', '$1$1$1$1$1$1$1$1') + replace(replace(s, 'a', s), 'a', s) AS x FROM '#'")]
    [InlineData("SET @a = s + s, @b = @a + @a, @c = @b + @b, @d = @c + @c, @e = @d + @d, @f = @e + @e, @g = @f + @f, @h = @g + @g, @i = @h + @h SELECT @i + @i + @i AS x FROM '#'")]
    [InlineData("SET @a = [s, s, s, s], @b = [@a, @a, @a, @a], @c = [@b, @b, @b, @b], @d = [@c, @c, @c, @c], @e = [@d, @d, @d, @d] SELECT [@e, @e, @e, @e] AS x FROM '#'")]
    [InlineData("SET @a = concat(l, l, l, l, l, l, l, l), @b = concat(@a, @a, @a, @a, @a, @a, @a, @a), @c = concat(@b, @b, @b, @b, @b, @b, @b, @b) SELECT concat(@c, @c, @c) AS x FROM '#'")]
    [InlineData("SET @a = {'a': s, 'b': s, 'c': s}, @b = {'a': @a, 'b': @a, 'c': @a}, @c = {'a': @b, 'b': @b, 'c': @b}, @d = {'a': @c, 'b': @c, 'c': @c} SELECT cast({'a': @d, 'b': @d, 'c': @d} AS String) + s AS x FROM '#'")]
    public void What_grows_without_end_is_stopped_with_a_reason(string sql)
    {
        var text = new string('a', 100_000);
        var outcome = Outcome.Of(sql, $"{{\"s\":\"{text}\",\"l\":[\"{text}\",1]}}");
        Assert.True(outcome.Result == RuleResult.Unreadable, $"{outcome.Result}: {outcome.Output.Length} bytes");
        Assert.Contains("MiB", outcome.Reason, StringComparison.Ordinal);
        Assert.InRange(outcome.Allocated, 0, 600 * Mebi);
    }

    [Theory]
    [InlineData("SELECT (SELECT VALUE (SELECT VALUE (SELECT VALUE 1 FROM l) FROM l) FROM l) AS x FROM '#'")]
    [InlineData("SELECT (SELECT VALUE EXISTS (SELECT * FROM l AS b WHERE EXISTS (SELECT * FROM l AS c WHERE c > b + 100000)) FROM l AS a) AS x FROM '#'")]
    [InlineData("SELECT (SELECT VALUE a FROM l AS a WHERE (a + 1000000) IN l) AS x FROM '#' WHERE EXISTS (SELECT * FROM l AS p WHERE EXISTS (SELECT * FROM l AS q WHERE p + q IN l))")]
    [InlineData("SELECT (SELECT VALUE get(l, a) FROM l AS a WHERE l = l AND l IN [l, 1]) AS x FROM '#'")]
    [InlineData("SELECT (SELECT VALUE length(cast(l AS String)) FROM l AS a) AS x FROM '#'")]
    public void SELECTs_in_each_other_are_stopped_where_they_multiply(string sql)
    {
        var outcome = Outcome.Of(sql, $"{{\"l\":[{string.Join(", ", Enumerable.Range(0, 20_000))}]}}");
        Assert.True(outcome.Result is RuleResult.Unreadable or RuleResult.NotFired, $"{outcome.Result}: {outcome.Output.Length} bytes");
        Assert.InRange(outcome.Allocated, 0, 600 * Mebi);
    }

    [Fact]
    public void A_transform_is_limited()
    {
        var payload = $"{{\"o\":{{\"s\":\"{new string('a', 10_000)}\"}},\"l\":[{string.Join(',', Enumerable.Repeat("{}", 10_000))}]}}";
        var outcome = Outcome.Of("SELECT transform('enrichArray', o, l) AS x FROM '#'", payload);
        Assert.InRange(outcome.Output.Length, 0, 256 * 1024);
        Assert.InRange(outcome.Allocated, 0, 50 * Mebi);
    }

    [Theory]
    [InlineData("(SELECT VALUE a FROM ", "b", ")")]
    [InlineData("CASE a WHEN 1 THEN ", "1", " END")]
    [InlineData("CASE ", "1", " WHEN 1 THEN 1 END")]
    [InlineData("EXISTS (SELECT * FROM a WHERE ", "TRUE", ")")]
    [InlineData("{'a': ", "1", "}")]
    [InlineData("cast(", "1", " AS Int)")]
    [InlineData("concat(", "1", ")")]
    [InlineData("NOT ", "a", "")]
    [InlineData("- ", "a", "")]
    [InlineData("", "a", ".b")]
    [InlineData("", "a", "[0]")]
    [InlineData("", "a", " + 1")]
    [InlineData("", "a", " AND b")]
    public void Whatever_stands_in_itself_ten_thousand_times_is_refused(string open, string middle, string close)
    {
        foreach (var depth in new[] { 40, 10_000 })
        {
            var deep = string.Concat(Enumerable.Repeat(open, depth)) + middle + string.Concat(Enumerable.Repeat(close, depth));
            var outcome = Outcome.Of($"SELECT {deep} AS x FROM '#'", """{"a":{"b":[[1]]},"b":[1]}""");
            Assert.True(outcome.Result is null || depth < 100, $"{deep[..50]}… compiles");
            Assert.InRange(outcome.Allocated, 0, 50 * Mebi);
        }
    }

    [Theory]
    [InlineData("replace(replace(replace(lpad('', 1000), ' ', lpad('', 1000)), ' ', lpad('', 1000)), ' ', 'xxxx')")]
    [InlineData("length(replace(replace(lpad('', 1000), ' ', lpad('', 1000)), ' ', 'xxxxxxxxxx'))")]
    [InlineData("regexp_matches(lpad('', 1000), '( +)+x')")]
    public void Constants_that_are_dear_are_not_computed_again_and_again(string constant)
    {
        var sql = $"SELECT {string.Join(", ", Enumerable.Range(0, 500).Select(i => $"{constant} AS c{i}"))} FROM '#' WHERE FALSE";
        var outcome = Outcome.Of(sql, "{}");
        Assert.Equal(RuleResult.NotFired, outcome.Result);
        Assert.InRange(outcome.Allocated, 0, 600 * Mebi);
    }

    [Fact]
    public void A_thousand_items_of_a_large_text_are_stopped()
    {
        var sql = $"SELECT {string.Join(", ", Enumerable.Range(0, 1000).Select(static i => $"upper(s) AS c{i}"))} FROM '#'";
        var outcome = Outcome.Of(sql, $"{{\"s\":\"{new string('a', 1_000_000)}\"}}");
        Assert.Equal(RuleResult.Unreadable, outcome.Result);
        Assert.InRange(outcome.Allocated, 0, 600 * Mebi);
    }
}
