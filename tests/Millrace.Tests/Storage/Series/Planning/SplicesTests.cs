using System.Text;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Tests.Storage.Series.Planning;

/// <summary>Parts of a statement are replaced, and places in it are found again.</summary>
public sealed class SplicesTests
{
    [Theory, Seeds(50)]
    public void Places_behind_and_before_a_replaced_part_are_found_again(int seed)
    {
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => "aü€x "[random.Next(5)]));
        var bytes = Encoding.UTF8.GetBytes(text);
        var splices = new Splices();
        var starts = Enumerable.Range(0, bytes.Length).Where(at => (bytes[at] & 0xC0) != 0x80).ToArray();
        var kept = new bool[bytes.Length];
        Array.Fill(kept, true);
        for (var i = 0; i + 1 < starts.Length; i += 2 + random.Next(5))
        {
            splices.Replace(starts[i], starts[i + 1], random.Next(3) switch { 0 => "", 1 => "€", _ => "[much longer]" });
            Array.Fill(kept, false, starts[i], starts[i + 1] - starts[i]);
        }

        var spliced = Encoding.UTF8.GetBytes(splices.Apply(bytes));
        var found = Enumerable.Range(0, spliced.Length).GroupBy(splices.Original).ToDictionary(static group => group.Key, static group => group.Last());
        for (var at = 0; at < bytes.Length; at++)
            if (kept[at]) Assert.Equal(bytes[at], spliced[found[at]]);
    }

    [Theory]
    [InlineData("SELECT avg( \"a)b\" ), ')'", 7, "avg", "avg( \"a)b\" )")]
    [InlineData("avg(')', (1))+1", 0, "avg", "avg(')', (1))")]
    [InlineData("AVG\n(x)", 0, "avg", "AVG\n(x)")]
    public void A_call_ends_at_its_own_parenthesis(string sql, int at, string name, string call)
    {
        var text = new SourceText(sql);
        Assert.True(text.FindCall(at, name, out _, out var end));
        Assert.Equal(call, text.Text(at, end));
    }

    [Theory]
    [InlineData("avg(x -- )\n)")]
    [InlineData("avg(/* ) */ x)")]
    [InlineData("avg($$)$$)")]
    [InlineData("avg(E'\\')')")]
    [InlineData("avg(x")]
    [InlineData("average(x)")]
    public void A_call_that_is_not_plain_is_not_found(string sql) => Assert.False(new SourceText(sql).FindCall(0, "avg", out _, out _));

    [Theory]
    [InlineData("fleet.telemetry x", 15)]
    [InlineData("\"fleet\".\"telemetry\"", 19)]
    [InlineData("Fleet.Telemetry", 15)]
    [InlineData("fleet.telemetry2", -1)]
    [InlineData("fleet . telemetry", -1)]
    public void A_table_is_found_as_it_is_written(string sql, int end) => Assert.Equal(end, new SourceText(sql).EndOfTable(0, "fleet", "telemetry"));
}
