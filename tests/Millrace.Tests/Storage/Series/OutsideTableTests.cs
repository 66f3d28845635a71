using System.IO.Compression;
using System.Text;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Records;
using Millrace.Storage.Lake;
using Millrace.Storage.Series.Query;

namespace Millrace.Tests.Storage.Series;

/// <summary>Reference files and lake files as tables.</summary>
public sealed class OutsideTableTests : IDisposable
{
    private const long Now = SeriesRig.Now;

    private readonly SeriesRig _rig = new();

    public OutsideTableTests()
    {
        Directory.CreateDirectory(_rig.FullPath("reference"));
        _rig.Write(SeriesRig.Speed("car1", 10, Now - SeriesRig.Second), SeriesRig.Speed("car2", 20, Now - SeriesRig.Second));
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Reference_files_join_with_tables()
    {
        Reference("cars.csv", "vin,owner,since\ncar1,Ann,2020-01-02\ncar2,\"B, Bob\",2021-01-02\n");
        Reference("limits.jsonl", "{\"vin\":\"car1\",\"limit\":9.5}\n{\"vin\":\"car2\",\"limit\":30}\n");
        Reference("places.json", "[{\"vin\":\"car1\",\"lon\":9.18,\"lat\":48.78},{\"vin\":\"car2\",\"lon\":8.4,\"lat\":49.0}]");
        Assert.Equal(
            ["car1|Ann|POINT (9.18 48.78)"],
            await _rig.LinesAsync("""
                SELECT t.vin, c.owner, ST_AsText(ST_Point(p.lon, p.lat)) FROM fleet.telemetry t
                JOIN reference.cars c ON c.vin = t.vin JOIN Reference.LIMITS l ON l.vin = t.vin JOIN "reference"."places" p ON p.vin = t.vin
                WHERE t."measure_value::double" > l.limit
                """));
        Assert.Equal(["2"], await _rig.LinesAsync("SELECT count(*) FROM reference.cars WHERE since < DATE '2022-01-01'"));
        Assert.Equal([("reference", "cars"), ("reference", "limits"), ("reference", "places")], _rig.Store.OutsideTables());
    }

    [Fact]
    public async Task A_file_that_changes_is_read_again_and_one_that_goes_is_gone()
    {
        Reference("cars.csv", "vin,owner\ncar1,Ann\n");
        Assert.Equal(["Ann"], await _rig.LinesAsync("SELECT owner FROM reference.cars"));
        Reference("cars.csv", "vin,owner,colour\ncar1,Eve,blue\n");
        Assert.Equal(["Eve|blue"], await _rig.LinesAsync("SELECT owner, colour FROM reference.cars"));
        File.Delete(_rig.FullPath("reference/cars.csv"));
        Assert.Equal(QueryError.NotFound, (await _rig.RefusedAsync("SELECT * FROM reference.cars")).Error);
    }

    [Fact]
    public async Task A_broken_file_names_its_line_and_leaves_the_others_alone()
    {
        Reference("good.csv", "a\n1\n");
        Reference("bad.csv", "a,b\n1,2\n3\n4,5,6\n");
        Reference("worse.jsonl", "{\"a\":1}\n{\"a\":\n");
        Reference("none.parquet", "no Parquet at all");
        var bad = await _rig.RefusedAsync("SELECT *\nFROM reference.bad");
        Assert.Equal((QueryError.Failed, 2), (bad.Error, bad.Line));
        Assert.Contains("3", bad.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_rig.FullPath(""), bad.Message, StringComparison.Ordinal);
        Assert.Contains("worse", (await _rig.RefusedAsync("SELECT * FROM reference.worse")).Message, StringComparison.Ordinal);
        Assert.Contains("none", (await _rig.RefusedAsync("SELECT * FROM reference.none")).Message, StringComparison.Ordinal);
        Assert.Equal(["1"], await _rig.LinesAsync("SELECT a FROM reference.good"));
    }

    [Fact]
    public async Task Only_files_of_the_directory_are_tables()
    {
        Reference("ok.csv", "a\n1\n");
        File.WriteAllText(_rig.FullPath("outside.csv"), "secret\n1\n");
        File.CreateSymbolicLink(_rig.FullPath("reference/link.csv"), _rig.FullPath("outside.csv"));
        File.CreateSymbolicLink(_rig.FullPath("reference/passwd.csv"), "/etc/passwd");
        File.CreateSymbolicLink(_rig.FullPath("reference/nothing.csv"), "/nothing");
        Directory.CreateDirectory(_rig.FullPath("reference/below.csv"));
        Directory.CreateDirectory(_rig.FullPath("reference/below"));
        File.WriteAllText(_rig.FullPath("reference/below/deep.csv"), "a\n1\n");
        File.CreateSymbolicLink(_rig.FullPath("reference/inner.csv"), _rig.FullPath("reference/below/deep.csv"));
        Reference("a b.csv", "a\n1\n");
        Reference("it's.csv", "a\n1\n");
        Reference("\".csv", "a\n1\n");
        Reference("two.csv", "a\n1\n");
        Reference("two.jsonl", "{\"a\":1}\n");
        Assert.Contains("leads out", (await _rig.RefusedAsync("SELECT * FROM reference.link")).Message, StringComparison.Ordinal);
        Assert.Contains("leads out", (await _rig.RefusedAsync("SELECT * FROM reference.passwd")).Message, StringComparison.Ordinal);
        Assert.Contains("no file", (await _rig.RefusedAsync("SELECT * FROM reference.nothing")).Message, StringComparison.Ordinal);
        Assert.Contains("rename", (await _rig.RefusedAsync("SELECT * FROM reference.two")).Message, StringComparison.Ordinal);
        foreach (var name in new[] { "below", "deep", "\"below/deep\"", "\"../outside\"", "\"a b\"", "\"it's\"", "\"\"\"\"", "\"*\"" })
            Assert.Equal(QueryError.NotFound, (await _rig.RefusedAsync($"SELECT * FROM reference.{name}")).Error);
        Assert.Equal(["1"], await _rig.LinesAsync("SELECT a FROM reference.inner"));
        Assert.Equal(["1"], await _rig.LinesAsync("SELECT a FROM reference.ok"));
    }

    [Theory]
    [InlineData("SELECT * FROM \"~outside\".\"reference cars\"")]
    [InlineData("SELECT * FROM memory.reference.cars")]
    [InlineData("SELECT * FROM read_csv('reference/cars.csv')")]
    [InlineData("COPY (SELECT 1) TO 'reference/cars.csv'")]
    [InlineData("DROP VIEW reference.cars")]
    [InlineData("INSERT INTO reference.cars VALUES (1)")]
    [InlineData("SELECT * FROM lake.\"../reference\"")]
    public async Task What_lies_behind_cannot_be_reached(string sql)
    {
        Reference("cars.csv", "vin\ncar1\n");
        Assert.Equal(["car1"], await _rig.LinesAsync("SELECT vin FROM reference.cars"));
        Assert.Contains((await _rig.RefusedAsync(sql)).Error, new[] { QueryError.Refused, QueryError.NotFound });
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_not_read()
    {
        using (var file = File.Create(_rig.FullPath("reference/large.csv"))) file.SetLength((64 << 20) + 1);
        Assert.Contains("at most", (await _rig.RefusedAsync("SELECT * FROM reference.large")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_the_store_comes_before_a_file_of_its_name()
    {
        Reference("cars.csv", "vin\nfile\n");
        Assert.Equal(["file"], await _rig.LinesAsync("SELECT vin FROM reference.cars"));
        _rig.Store.Declare(new("reference", "cars"), new() { Dimensions = ["vin"] });
        Assert.Empty(await _rig.LinesAsync("SELECT vin FROM reference.cars"));
    }

    [Fact]
    public async Task Lake_files_are_tables_as_they_come()
    {
        Assert.Equal(QueryError.NotFound, (await _rig.RefusedAsync("SELECT * FROM lake.telemetry")).Error);
        Lake("telemetry/2026/06/01/00/f-0-1.jsonl.gz", "{\"vin\":\"car1\",\"speed\":10.5,\"place\":{\"lat\":1}}\n{\"vin\":\"car2\",\"speed\":20}\n");
        Assert.Equal(["car1|10.5|1", "car2|20|"], await _rig.LinesAsync("SELECT vin, speed, place.lat FROM lake.telemetry ORDER BY vin"));
        Lake("telemetry/2026/06/01/01/f-2-3.jsonl.gz", "{\"vin\":\"car3\",\"colour\":\"red\"}\nno JSON\n");
        Lake("telemetry/2026/06/01/01/half.tmp", "{\"vin\":\"half\"}\n");
        Assert.Equal(["4|1"], await _rig.LinesAsync("SELECT count(*), count(*) FILTER (WHERE colour = 'red') FROM lake.telemetry"));
        Assert.Equal(["10"], await _rig.LinesAsync("SELECT t.\"measure_value::double\" FROM fleet.telemetry t JOIN lake.telemetry l ON l.vin = t.vin AND l.speed = 10.5"));
    }

    [Fact]
    public async Task Files_at_a_prefix_are_of_their_destination()
    {
        const string Offsets = "00000000000000000000-00000000000000000009";
        Lake($"../2026/06/01/flow+cars-0-{Offsets}.jsonl.gz", "{\"v\":1}\n");
        Lake($"../customer=a/flow+cars-1-{Offsets}.jsonl.gz", "{\"v\":2}\n");
        Lake($"../customer=a/flow+vans-1-{Offsets}.jsonl.gz", "{\"v\":3}\n");
        Lake($"../unfinished/cars/flow+cars-1-{Offsets}.jsonl.gz", "{\"v\":4}\n");
        Lake("cars/2026/06/01/00/flow-0-1.jsonl.gz", "{\"v\":5}\n");
        Assert.Equal(["1|", "2|a", "5|"], await _rig.LinesAsync("SELECT v, customer FROM lake.cars ORDER BY v"));
        Assert.Equal(["3"], await _rig.LinesAsync("SELECT v FROM lake.vans"));
    }

    [Fact]
    public async Task Partitions_are_columns_and_formats_mix()
    {
        Lake("p/site=north/day=2026-06-01/a.jsonl.gz", "{\"v\":1}\n");
        Lake("p/site=south/day=2026-06-02/b.jsonl.gz", "{\"v\":2}\n");
        await using (var made = await _rig.Store.ParquetAsync("SELECT 3 AS v, 'x' AS w", QueryLimits.None, TestContext.Current.CancellationToken))
        {
            Directory.CreateDirectory(_rig.FullPath("lake/raw/p/site=west/day=2026-06-02"));
            await using var file = File.Create(_rig.FullPath("lake/raw/p/site=west/day=2026-06-02/c.parquet"));
            await made.Content.CopyToAsync(file, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["north|1|", "south|2|", "west|3|x"], await _rig.LinesAsync("SELECT site, v, w FROM lake.p ORDER BY site"));
        Assert.Equal(["2"], await _rig.LinesAsync("SELECT count(*) FROM lake.p WHERE day = DATE '2026-06-02'"));
    }

    [Fact]
    public async Task Files_that_were_put_together_are_read_whole_and_notes_about_them_are_not()
    {
        Lake("joined/2026/06/01/00/f-0-0.jsonl.gz", "{\"v\":1}\n{\"v\":2}\n");
        var path = _rig.FullPath("lake/raw/joined/2026/06/01/00/f-0-0.jsonl.gz");
        var part = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, [.. part, .. part, .. part], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_rig.FullPath("lake/raw/joined/2026/06/01/00/.f-0-merged"), "a b c\n", TestContext.Current.CancellationToken);
        Assert.Equal(["6|9"], await _rig.LinesAsync("SELECT count(*), sum(v) FROM lake.joined"));
    }

    [Fact]
    public async Task Parquet_files_with_columns_of_other_types_are_one_table()
    {
        var disk = new Millrace.Storage.Files.FileDisk(_rig.FullPath(""));
        var options = new LakeOptions { Stream = "mixed", Format = LakeFormat.Parquet };
        string[] records = ["""{"v":1,"place":{"lat":7}}""", """{"v":2.5}""", """{"v":"n/a","late":true}"""];
        for (var i = 0; i < records.Length; i++)
        {
            await using var sink = new LakeSink(disk, options, "f", 0, TimeProvider.System);
            using var batch = new RecordBatch();
            batch.Add(new() { Topic = "t"u8, Payload = Encoding.UTF8.GetBytes(records[i]), Offset = i, ArrivalNs = Now + (i * 3600 * SeriesRig.Second) });
            await sink.OpenAsync(default);
            await sink.WriteAsync(batch, new(i, default), new Outcomes(), default);
            await sink.WriteAsync(Next(i), new(i + 1, default), new Outcomes(), default);
        }

        Assert.Equal(["1|7|", "2.5||", "n/a||True"], await _rig.LinesAsync("SELECT v, place->>'lat', late FROM lake.mixed ORDER BY v::VARCHAR"));

        // Ends the file of the one before, and is itself forgotten.
        static RecordBatch Next(int i)
        {
            var batch = new RecordBatch();
            batch.Add(new() { Topic = "t"u8, Payload = "{\"v\":0}"u8, Offset = i + 1, ArrivalNs = Now + ((i + 2) * 3600 * SeriesRig.Second) });
            return batch;
        }
    }

    private void Reference(string name, string text)
    {
        var path = _rig.FullPath(Path.Combine("reference", name));
        File.WriteAllText(path, text);
    }

    private void Lake(string name, string text)
    {
        var path = _rig.FullPath(Path.Combine("lake/raw", name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
