using System.Globalization;
using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Lake;

namespace Millrace.Tests.Storage.Lake;

/// <summary>A lake of Parquet files, read with DuckDB, which has a reader of its own.</summary>
public sealed class ParquetLakeTests : IDisposable
{
    private static readonly LakeOptions Options = new() { Stream = "telemetry", Format = LakeFormat.Parquet, MaxBytes = ByteSize.MiB(64) };

    private readonly LakeDisk _disk = new();
    private readonly Database _database = Database.Open([("threads", "1")]);
    private readonly string _directory = Directory.CreateTempSubdirectory("millrace-parquet").FullName;

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Fields_are_columns_of_the_type_that_fits_all_values()
    {
        var (columns, rows) = await ReadAsync(Options,
            """{"vin":"car1","speed":1,"temp":20.5,"on":true,"id":9007199254740993,"none":null}""",
            """{"vin":"cär\u00322","speed":-2,"temp":21,"on":false,"place":{"lat": 1, "lon":[2]},"none":null}""",
            """{"temp":null,"vin":"","late":3}""");
        Assert.Equal(["vin VARCHAR", "speed BIGINT", "temp DOUBLE", "on BOOLEAN", "id BIGINT", "place VARCHAR", "late BIGINT"], columns);
        Assert.Equal(["car1|1|20.5|true|9007199254740993|NULL|NULL", """cär22|-2|21.0|false|NULL|{"lat": 1, "lon":[2]}|NULL""", "|NULL|NULL|NULL|NULL|NULL|3"], rows);
    }

    [Theory]
    [InlineData("1", "\"1\"", "1|1")]
    [InlineData("1.50", "true", "1.50|true")]
    [InlineData("9007199254740993", "0.5", "9007199254740993|0.5")]
    [InlineData("18446744073709551616", "1", "18446744073709551616|1")]
    [InlineData("1e999", "1.5", "1e999|1.5")]
    [InlineData("{}", "[1]", "{}|[1]")]
    public async Task Values_that_no_one_type_holds_become_text_and_keep_what_they_are(string one, string other, string expected)
    {
        var (columns, rows) = await ReadAsync(Options, $"{{\"a\":{one}}}", $"{{\"a\":{other}}}");
        Assert.Equal(["a VARCHAR"], columns);
        Assert.Equal(expected.Split('|'), rows);
    }

    [Theory]
    [InlineData("no JSON", "not JSON")]
    [InlineData("", "not JSON")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("7", "not a JSON object")]
    [InlineData("{}", "no fields")]
    [InlineData("{\"a\":1,\"a\":2}", "twice")]
    [InlineData("{\"a\":1,\"\\u0061\":2}", "twice")]
    [InlineData("{\"\":1}", "empty")]
    [InlineData("{\"a\":\"\\ud800\"}", "not Unicode")]
    [InlineData("{\"\\udc00\":1}", "not Unicode")]
    [InlineData("{\"n\":\"x\"}", "'n' is a text, and its column is declared bigint")]
    [InlineData("{\"n\":1.5}", "'n' is the number 1.5")]
    [InlineData("{\"d\":9007199254740993}", "declared double")]
    [InlineData("{\"b\":{}}", "'b' is an object, and its column is declared boolean")]
    public async Task What_cannot_be_a_row_is_refused_and_the_rest_goes_on(string payload, string reason)
    {
        var flow = await OpenAsync(Options with
        {
            Columns = new Dictionary<string, MeasureType> { ["n"] = MeasureType.Bigint, ["d"] = MeasureType.Double, ["b"] = MeasureType.Boolean },
        });
        flow.Log(TimeSpan.Zero, """{"k":1}""", payload, """{"k":2}""");
        var refused = Assert.Single(await flow.WriteAllAsync(0));
        Assert.Equal((1, Fault.Unreadable), (refused.Index, refused.Fault));
        Assert.StartsWith(LakeReasons.NoRow, refused.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
        await flow.IdleAsync();
        var (columns, rows) = Read(flow.Names[0]);
        Assert.Equal(["n BIGINT", "d DOUBLE", "b BOOLEAN", "k BIGINT"], columns);
        Assert.Equal(["NULL|NULL|NULL|1", "NULL|NULL|NULL|2"], rows);
    }

    [Fact]
    public async Task A_batch_of_which_nothing_is_a_row_makes_no_file_and_is_done()
    {
        var flow = await OpenAsync(Options);
        flow.Log(TimeSpan.Zero, "x", "y");
        Assert.Equal(2, (await flow.WriteAllAsync(0)).Count);
        Assert.Equal(2, (await flow.CommitAsync(1))!.Value.Offset);
        Assert.Empty(flow.Names);
    }

    [Fact]
    public async Task Columns_that_are_declared_have_their_type_in_every_file()
    {
        var options = Options with { Columns = new Dictionary<string, MeasureType> { ["temp"] = MeasureType.Double, ["note"] = MeasureType.Varchar } };
        var (columns, rows) = await ReadAsync(options, """{"temp":20,"note":5}""", """{"temp":null}""");
        Assert.Equal(["temp DOUBLE", "note VARCHAR"], columns);
        Assert.Equal(["20.0|5", "NULL|NULL"], rows);
    }

    [Fact]
    public async Task A_file_takes_a_thousand_columns_and_no_record_that_would_bring_more()
    {
        var flow = await OpenAsync(Options);
        flow.Log(TimeSpan.Zero, Wide(0, 999), Wide(5000, 2), Wide(900, 100), Wide(0, 1001));
        flow.Log(TimeSpan.Zero, Wide(5000, 2));
        Assert.Equal([1, 3], (await flow.WriteAllAsync(0)).Select(static refused => refused.Index));
        Assert.Empty(await flow.WriteAllAsync(1));
        await flow.IdleAsync();
        Assert.Equal([1000, 2], flow.Names.Select(name => ColumnsOf(Save(name, _disk)).Length));

        static string Wide(int from, int count) => $"{{{string.Join(',', Enumerable.Range(from, count).Select(static i => $"\"c{i}\":1"))}}}";
    }

    [Fact]
    public async Task A_replay_writes_the_same_bytes()
    {
        var options = Options with { MaxBytes = ByteSize.KiB(1) };
        var first = await RunAsync(new LakeDisk());
        Assert.Equal(first, await RunAsync(new LakeDisk()));
        Assert.True(first.Count > 3);

        async Task<IReadOnlyDictionary<string, byte[]>> RunAsync(LakeDisk disk)
        {
            var flow = new LakeFlow(disk, options);
            await flow.OpenAsync();
            var random = new Random(5);
            for (var frame = 0; frame < 30; frame++) flow.Log(TimeSpan.FromSeconds(frame), [.. Enumerable.Range(0, 1 + (frame % 4)).Select(_ => Any(random))]);
            await flow.RunAsync();
            await flow.IdleAsync();
            return disk.Files;
        }
    }

    [Fact]
    public async Task Any_objects_come_back_as_they_were()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var records = Enumerable.Range(0, random.Next(1, 300)).Select(_ => Any(random)).ToArray();
            var disk = new LakeDisk();
            var flow = new LakeFlow(disk, Options);
            await flow.OpenAsync();
            flow.LogUtf8(TimeSpan.Zero, records);
            Assert.Empty(await flow.WriteAllAsync(0));
            await flow.IdleAsync();
            var (columns, rows) = Read(Assert.Single(flow.Names), disk);
            Assert.Equal(records.Length, rows.Length);
            for (var i = 0; i < records.Length; i++) Assert.Equal(Expected(records[i], columns), rows[i]);
        }
    }

    [Fact]
    public async Task Files_larger_than_a_row_group_hold_every_row()
    {
        var flow = await OpenAsync(Options);
        var filling = new string('x', 60_000);
        for (var frame = 0; frame < 10; frame++)
            flow.Log(TimeSpan.Zero, [.. Enumerable.Range(0, 50).Select(i => $"{{\"n\":{(frame * 50) + i},\"s\":\"{i}{filling}\",\"v\":\"car{i % 7}\"}}")]);
        await flow.RunAsync();
        await flow.IdleAsync();
        var path = Save(Assert.Single(flow.Names), _disk);
        Assert.Equal(["500|124750|499|30000900|7"], Query($"SELECT count(*), sum(n), max(n), sum(length(s)), count(DISTINCT v) FROM '{path}'"));
        Assert.Equal(["2"], Query($"SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{path}')"));
        Assert.Equal(["7"], Query($"SELECT count(*) FROM '{path}' WHERE v = 'car3' AND n BETWEEN 100 AND 150"));
    }

    private static string Any(Random random)
    {
        var fields = new List<string>();
        for (var i = 0; i < 12; i++)
            if (random.Next(3) > 0 || i == 0) fields.Add($"\"f{i}\":{Value(random, random.Next(20) == 0 ? 20 : i)}");
        return $"{{{string.Join(',', fields)}}}";
    }

    private static string Value(Random random, int kind) => kind switch
    {
        0 => random.Next(2) == 0 ? "true" : "false",
        1 or 2 => random.NextInt64(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        3 or 4 => (random.NextDouble() * 100).ToString("R", CultureInfo.InvariantCulture),
        5 => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        6 => $"\"car{random.Next(5)}\"",
        7 => JsonSerializer.Serialize(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => char.ConvertFromUtf32(random.Next(32, 0xD7FF))))),
        8 => $"{{\"x\":{random.Next(10)},\"y\":[1,\"]}}\"]}}",
        9 => "null",
        10 => "-0.0",
        _ => "\"n/a\"",
    };

    // What a reader is to see of a record in columns of these types.
    private static string Expected(string record, string[] columns)
    {
        using var json = JsonDocument.Parse(record);
        return string.Join('|', columns.Select(column =>
        {
            var (name, type) = (column.Split(' ')[0], column.Split(' ')[1]);
            if (!json.RootElement.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return "NULL";
            if (value.ValueKind == JsonValueKind.String) return value.GetString();
            if (type == "DOUBLE") return Number(value.GetDouble());
            return value.GetRawText();
        }));
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().IndexOfAny('.', 'E') >= 0 ? text : text + ".0";

    private async Task<(string[] Columns, string[] Rows)> ReadAsync(LakeOptions options, params string[] payloads)
    {
        var flow = await OpenAsync(options);
        flow.LogUtf8(TimeSpan.Zero, payloads);
        Assert.Empty(await flow.WriteAllAsync(0));
        await flow.IdleAsync();
        return Read(Assert.Single(flow.Names));
    }

    private async Task<LakeFlow> OpenAsync(LakeOptions options)
    {
        var flow = new LakeFlow(_disk, options);
        await flow.OpenAsync();
        return flow;
    }

    private (string[] Columns, string[] Rows) Read(string name, LakeDisk? disk = null)
    {
        Assert.EndsWith(".parquet", name, StringComparison.Ordinal);
        var path = Save(name, disk ?? _disk);
        return (ColumnsOf(path), Query($"SELECT * FROM '{path}'"));
    }

    private string[] ColumnsOf(string path) => Query($"SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM '{path}')");

    private string Save(string name, LakeDisk disk)
    {
        var path = Path.Combine(_directory, Path.GetFileName(name));
        File.WriteAllBytes(path, disk.Files[name]);
        return path;
    }

    private string[] Query(string sql)
    {
        using var connection = _database.Connect();
        using var asked = connection.Prepare(sql);
        var columns = string.Join(" || '|' || ", Enumerable.Range(0, asked.Columns).Select(static i => $"coalesce(c{i}::VARCHAR, 'NULL')"));
        var names = string.Join(", ", Enumerable.Range(0, asked.Columns).Select(static i => $"c{i}"));
        using var result = connection.Query($"SELECT {columns} FROM ({sql}) q({names})");
        var rows = new List<string>();
        while (result.Fetch() is { } chunk)
        {
            using (chunk)
            {
                for (var row = 0; row < chunk.Count; row++) rows.Add(Encoding.UTF8.GetString(chunk.Vector(0).Text(row)));
            }
        }

        return [.. rows];
    }
}
