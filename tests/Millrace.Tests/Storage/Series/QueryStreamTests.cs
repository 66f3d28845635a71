using Millrace.Storage.Series;
using Millrace.Storage.Series.Query;

namespace Millrace.Tests.Storage.Series;

/// <summary>Answers that go on their way while their query runs.</summary>
public sealed class QueryStreamTests : IDisposable
{
    private readonly SeriesRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Rows_come_in_parts_and_all_of_them()
    {
        var (parts, rows, last) = (0, 0L, -1L);
        var end = await _rig.Store.StreamAsync(
            "SELECT x FROM range(100000) a(x)",
            QueryLimits.None,
            part =>
            {
                using (part)
                {
                    parts++;
                    foreach (var row in part.Rows())
                    {
                        rows++;
                        Assert.Equal(last + 1, row[0]);
                        last = (long)row[0]!;
                    }
                }
            },
            TestContext.Current.CancellationToken);
        Assert.True(parts > 10);
        Assert.Equal((100_000, 100_000, false), (rows, end.Rows, end.Truncated));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2048, true)]
    [InlineData(4095, true)]
    [InlineData(5000, false)]
    public async Task A_limit_cuts_and_says_so(long limit, bool truncated)
    {
        var rows = 0;
        var end = await _rig.Store.StreamAsync(
            "SELECT x FROM range(5000) a(x)", QueryLimits.None with { Rows = limit }, part => rows += Take(part), TestContext.Current.CancellationToken);
        Assert.Equal((limit, limit, truncated), (rows, end.Rows, end.Truncated));
    }

    [Fact]
    public async Task An_answer_without_rows_has_its_columns()
    {
        var names = new List<string>();
        await _rig.Store.StreamAsync("SELECT 1 AS a, [2] AS b WHERE false", QueryLimits.None, part => names.AddRange(part.Columns.Select(static column => column.Name)), TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b"], names);
    }

    [Fact]
    public async Task An_error_behind_rows_comes_behind_them()
    {
        var rows = 0;
        var failed = await Assert.ThrowsAsync<QueryException>(() => _rig.Store.StreamAsync(
            "SELECT CASE WHEN x < 50000 THEN x ELSE CAST('no number' AS BIGINT) END FROM range(100000) a(x)",
            QueryLimits.None,
            part => rows += Take(part),
            TestContext.Current.CancellationToken));
        Assert.Equal(QueryError.Failed, failed.Error);
        Assert.InRange(rows, 0, 50_000);
    }

    [Fact]
    public async Task Whoever_breaks_off_ends_the_query()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _rig.Store.StreamAsync(
            "SELECT x FROM range(1000000000000) a(x)", QueryLimits.None, static _ => throw new InvalidOperationException("enough"), TestContext.Current.CancellationToken));
        Assert.Equal(0, _rig.Store.Stats.Queries);
        Assert.Equal(0, await _rig.CountAsync("(SELECT 1 WHERE false)"));
    }

    [Fact]
    public async Task Waiting_for_the_reader_is_not_the_querys_time()
    {
        using var rig = new SeriesRig(new SeriesOptions { Threads = 1, QueryTime = TimeSpan.FromSeconds(5) });
        var end = await rig.Store.StreamAsync(
            "SELECT x FROM range(100000) a(x)",
            QueryLimits.None,
            part =>
            {
                rig.Clock.Advance(TimeSpan.FromSeconds(1));
                part.Dispose();
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(100_000, end.Rows);
        Assert.InRange(end.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_Parquet_file_has_the_rows_and_no_name()
    {
        var directory = _rig.FullPath("series/answers");
        await using (var file = await _rig.Store.ParquetAsync("SELECT sum(x) AS a, 'é' AS a, [1] AS l, now() AS t FROM range(5) r(x)", QueryLimits.None, TestContext.Current.CancellationToken))
        {
            Assert.True(file.Content.Length > 100);
            Assert.Equal(1, file.Rows);
            Assert.Empty(Directory.GetFiles(directory));
            var copy = new byte[file.Content.Length];
            await file.Content.ReadExactlyAsync(copy, TestContext.Current.CancellationToken);
            Assert.Equal("PAR1"u8, copy.AsSpan(0, 4));
            Directory.CreateDirectory(_rig.FullPath("reference"));
            await File.WriteAllBytesAsync(_rig.FullPath("reference/made.parquet"), copy, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["10|é|[1]"], await _rig.LinesAsync("SELECT a, a_2, l FROM reference.made"));
    }

    [Theory]
    [InlineData("SELECT 1 FROM range(10) r(x) WHERE x = CAST('no' AS BIGINT)")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("EXPLAIN SELECT 1")]
    [InlineData("SELECT 1) TO '/tmp/millrace-hostile.parquet'; --")]
    [InlineData("SELECT 1; SELECT 2")]
    public async Task A_Parquet_file_that_cannot_be_leaves_nothing(string sql)
    {
        await Assert.ThrowsAsync<QueryException>(() => _rig.Store.ParquetAsync(sql, QueryLimits.None, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(_rig.FullPath("series/answers")));
    }

    private static int Take(QueryResult part)
    {
        using (part) return part.Count;
    }
}
