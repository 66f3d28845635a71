using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>Tables out into files and in again, and what may be joined with them.</summary>
public sealed class TransferTests : IAsyncLifetime
{
    private const string Columns = "vin, time, measure_name, measure_value::double, measure_value::bigint, measure_value::varchar, lat, lon, state";

    private MillraceProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await MillraceProcess.StartAsync("""
            tables:
              fleet.readings: { dimensions: [vin] }
              fleet.parquet: { dimensions: [vin] }
              fleet.csv: { dimensions: [vin] }
              fleet.unload: { dimensions: [vin] }
            """);
        var singles = new StringBuilder("vin,time,measure_name,measure_value::double,measure_value::bigint,measure_value::varchar\n");
        var multi = new StringBuilder("vin,time,lat,lon,state\n");
        for (var i = 0; i < 5000; i++)
        {
            var time = new DateTime(2026, 6, 1, 22, 0, 0, DateTimeKind.Utc).AddSeconds(i * 3).ToString("yyyy-MM-ddTHH:mm:ss.fffffff'89Z'", CultureInfo.InvariantCulture);
            singles.Append(CultureInfo.InvariantCulture, $"car{i % 7},{time},{(i % 3) switch { 0 => $"speed,{i / 7.0:R},,", 1 => $"gear,,{i % 6},", _ => "driver,,,\"An, \"\"x\"\"\"" }}\n");
            multi.Append(CultureInfo.InvariantCulture, $"car{i % 7},{time},{48 + (i / 1e4):R},{9 + (i / 1e4):R},{(i % 2 == 0 ? "on" : "")}\n");
        }

        await WriteAsync("table=fleet.readings", singles.ToString());
        await WriteAsync("table=fleet.readings&measureName=place", multi.ToString());
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("parquet")]
    [InlineData("csv")]
    public async Task What_is_exported_comes_in_again_the_same_and_once(string format)
    {
        var directory = Path.Combine(_server.Data, "out");
        var exported = await _server.CliAsync("export", "--table", "fleet.readings", "--output", directory, "--format", format);
        Assert.Equal((0, ""), (exported.Code, exported.Error));
        Assert.Contains("10000 rows", exported.Output, StringComparison.Ordinal);
        Assert.Equal([$"2026-06-01.{format}", $"2026-06-02.{format}", "export.json"], Directory.GetFiles(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(directory, "export.json")));
        Assert.Equal(10_000, manifest.RootElement.GetProperty("rows").GetInt64());

        for (var again = 0; again < 2; again++)
        {
            var imported = await _server.CliAsync("import", "--table", $"fleet.{format}", directory);
            Assert.Equal((0, ""), (imported.Code, imported.Error));
            Assert.Contains($"10000 records stored, {again * 10_000} of them were there already, 0 rejected", imported.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, await CountAsync($"(SELECT {Columns} FROM fleet.readings EXCEPT SELECT {Columns} FROM fleet.{format})"));
        Assert.Equal(10_000, await CountAsync($"fleet.{format}"));

        var second = await _server.CliAsync("export", "--table", "fleet.readings", "--output", directory);
        Assert.Equal(2, second.Code);
        var broken = Directory.GetFiles(directory, $"*.{format}")[0];
        await File.AppendAllTextAsync(broken, "x");
        var refused = await _server.CliAsync("import", "--table", $"fleet.{format}", directory);
        Assert.Equal(2, refused.Code);
        Assert.Contains("checksum", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_takes_a_range_a_file_or_partitions()
    {
        var file = Path.Combine(_server.Data, "one.jsonl");
        var one = await _server.CliAsync("export", "--table", "fleet.readings", "--from", "2026-06-02", "--to", "2026-06-02T00:01:00Z", "--output", file);
        Assert.Equal((0, ""), (one.Code, one.Error));
        Assert.Equal(40, (await File.ReadAllLinesAsync(file)).Length);
        var directory = Path.Combine(_server.Data, "hive");
        Assert.Equal(0, (await _server.CliAsync("export", "--table", "fleet.readings", "--output", directory, "--hive")).Code);
        Assert.True(File.Exists(Path.Combine(directory, "day=2026-06-01", "readings.parquet")));
        foreach (var wrong in new[] { "--table fleet --output x", "--table fleet.nothing --output x", "--table fleet.readings --output x.csv --format parquet", "--table fleet.readings --from soon --output x" })
        {
            var refused = await _server.CliAsync(["export", .. wrong.Replace(" x", $" {_server.Data}/x", StringComparison.Ordinal).Split(' ')]);
            Assert.Equal(2, refused.Code);
            Assert.NotEmpty(refused.Error);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_server.Data, "x*"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_Timestream_unloads_comes_in(bool parquet)
    {
        const string Sql = "SELECT vin, measure_name, time, measure_value::double FROM fleet.readings WHERE measure_name = 'speed'";
        var directory = Path.Combine(_server.Data, "unload");
        Directory.CreateDirectory(Path.Combine(directory, "results"));
        var name = parquet ? "Q1_part.gz.parquet" : "Q1_part.gz";
        var made = Path.Combine(directory, "results", name);
        Assert.Equal(0, (await _server.CliAsync("query", Sql, "--format", parquet ? "parquet" : "csv", "--output", made)).Code);
        if (!parquet)
        {
            var lines = (await File.ReadAllLinesAsync(made)).Skip(1);
            await using var gzip = new GZipStream(File.Create(made), CompressionLevel.Fastest);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        }

        var columns = new[] { ("vin", "VARCHAR"), ("measure_name", "VARCHAR"), ("time", "TIMESTAMP"), ("measure_value::double", "DOUBLE") };
        await File.WriteAllTextAsync(Path.Combine(directory, "Q1_metadata.json"), JsonSerializer.Serialize(new { ColumnInfo = columns.Select(static c => new { Name = c.Item1, Type = new { ScalarType = c.Item2 } }) }));
        var manifest = new
        {
            result_files = new[] { new { url = $"s3://bucket/folder/results/{name}", file_metadata = new { content_length_in_bytes = new FileInfo(made).Length } } },
            query_metadata = new { result_format = parquet ? "PARQUET" : "CSV" },
        };
        await File.WriteAllTextAsync(Path.Combine(directory, "Q1_manifest.json"), JsonSerializer.Serialize(manifest));
        var imported = await _server.CliAsync("import", "--table", "fleet.unload", directory);
        Assert.Equal((0, ""), (imported.Code, imported.Error));
        Assert.Equal(0, await CountAsync($"({Sql} EXCEPT SELECT vin, measure_name, time, measure_value::double FROM fleet.unload)"));
        Assert.Equal(1667, await CountAsync("fleet.unload"));

        File.Delete(made);
        var refused = await _server.CliAsync("import", "--table", "fleet.unload", directory);
        Assert.Equal(2, refused.Code);
        Assert.Contains(name, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_tell_what_they_have()
    {
        Assert.Equal(["fleet"], await ColumnAsync("SHOW DATABASES"));
        Assert.Equal(["parquet", "unload"], await ColumnAsync("SHOW TABLES FROM fleet LIKE '%a%' ", 0, static name => name is not "readings"));
        Assert.Equal(["driver", "gear", "place", "speed"], (await ColumnAsync("SHOW MEASURES FROM fleet.readings")).Order(StringComparer.Ordinal));
        Assert.Equal(["varchar:DIMENSION", "varchar:MEASURE_NAME", "timestamp:TIMESTAMP", "bigint:MEASURE_VALUE", "double:MEASURE_VALUE", "varchar:MEASURE_VALUE", "double:MULTI", "double:MULTI", "varchar:MULTI"],
            (await _server.QueryAsync("DESCRIBE fleet.readings")).Select(static row => $"{row[1]}:{row[2]}"));
        var refused = await _server.CliAsync("query", "DESCRIBE fleet.nothing");
        Assert.Equal(2, refused.Code);
        Assert.Contains("SHOW TABLES", refused.Error, StringComparison.Ordinal);
        Assert.NotEmpty(await _server.QueryAsync("EXPLAIN ANALYZE SELECT vin, max_by(lat, time) FROM fleet.readings GROUP BY vin"));
    }

    /// <summary>Telemetry of the lake, joined with a table of places, as Athena's users write it.</summary>
    [Fact]
    public async Task Lake_telemetry_joins_with_places_as_in_Athena()
    {
        Directory.CreateDirectory(Path.Combine(_server.Data, "reference"));
        await File.WriteAllTextAsync(Path.Combine(_server.Data, "reference", "device_locations.csv"), "deviceid,customer,longitude,latitude\nD1,Ann,-122.33,47.61\nD2,Bob,9.18,48.78\n");
        var hour = Path.Combine(_server.Data, "lake", "raw", "sensordata", "2026", "06", "01", "10");
        Directory.CreateDirectory(hour);
        await using (var gzip = new GZipStream(File.Create(Path.Combine(hour, "f-0-1.jsonl.gz")), CompressionLevel.Fastest))
            await gzip.WriteAsync("""
                {"DeviceID":"D1","Time":1780308000000,"temperature_measure":21.5,"Humidity_measure":40}
                {"DeviceID":"D1","Time":1780308060000,"temperature_measure":22.5,"Humidity_measure":41}
                {"DeviceID":"D2","Time":1780308000000,"temperature_measure":18.25,"Humidity_measure":55}

                """u8.ToArray());
        var rows = await _server.QueryAsync("""
            SELECT d.customer, date_trunc('hour', from_unixtime(s."Time" / 1000)) AS hour, avg(s."temperature_measure") AS temperature,
                   ST_AsText(ST_Point(d.longitude, d.latitude)) AS place, ST_X(ST_Point(d.longitude, d.latitude)) AS lon,
                   round(ST_Distance(ST_Point(d.longitude, d.latitude), ST_Point(-122.33, 47.61)) / 1000) AS km
            FROM "lake"."sensordata" s INNER JOIN "reference"."device_locations" d ON s."DeviceID" = d.deviceid
            GROUP BY 1, 2, d.longitude, d.latitude ORDER BY d.customer
            """);
        Assert.Equal(["Ann", "2026-06-01 10:00:00.000000000", "22", "POINT (-122.33 47.61)", "-122.33", "0"], rows[0].Select(static cell => cell.ToString().TrimEnd('0').TrimEnd('.') is { Length: > 0 } text && cell.ValueKind == JsonValueKind.Number ? text : cell.ToString() is "0.0" ? "0" : cell.ToString()));
        Assert.Equal("Bob", rows[1][0].GetString());
        Assert.InRange(rows[1][5].GetDouble(), 8000, 9000);
    }

    private async Task WriteAsync(string query, string csv)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var answer = await _server.Http.PostAsync($"api/v1/write?{query}", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<long> CountAsync(string from) => (await _server.QueryAsync($"SELECT count(*) FROM {from}"))[0][0].GetInt64();

    private async Task<IEnumerable<string>> ColumnAsync(string sql, int column = 0, Func<string, bool>? keep = null) =>
        (await _server.QueryAsync(sql)).Select(row => row[column].GetString()!).Where(keep ?? (static _ => true)).Order(StringComparer.Ordinal);
}
