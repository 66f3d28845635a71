using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>The demo's pipeline without its fleets, fed by real clients with the articles' payloads.</summary>
public sealed class DemoPipelineTests(DemoPipelineTests.Demo demo) : IClassFixture<DemoPipelineTests.Demo>
{
    private MillraceProcess Server => demo.Server;

    [Fact]
    public async Task A_car_s_telemetry_is_a_row_at_its_own_time_to_the_nanosecond()
    {
        await PublishFileAsync("dt/cars/1NXBR32E84Z995078/telemetry", "car-telemetry.json");
        const string sql = "SELECT vin, measure_name, time, measure_value::double FROM fleet.telemetry WHERE vin = '1NXBR32E84Z995078'";
        await Eventually.Equal(
            "vin,measure_name,time,measure_value::double\n1NXBR32E84Z995078,speed,2018-02-15 08:20:18.000000000,47.4\n",
            async () => (await Server.CliAsync("query", sql, "--format", "csv")).Output.Replace("\r", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trip_is_a_row_with_a_column_a_measure()
    {
        await PublishFileAsync("dt/cars/5JO226H6QR3J3T7TI/trip", "car-trip.json");
        await Eventually.Equal(1, () => Server.CountAsync("SELECT count(*) FROM fleet.trips WHERE vin = '5JO226H6QR3J3T7TI'"));
        var row = (await Server.QueryAsync("SELECT time, vehicle_speed_mean, ignition_status, brake_pedal_status FROM fleet.trips WHERE vin = '5JO226H6QR3J3T7TI'"))[0];
        Assert.Equal("2021-03-06 08:13:04.981000000", row[0].GetString());
        Assert.Equal(64.10065503146477, row[1].GetDouble());
        Assert.Equal("run", row[2].GetString());
        Assert.False(row[3].GetBoolean());
    }

    [Fact]
    public async Task A_trouble_code_stops_its_car_within_a_second()
    {
        using var listener = Process.Start(new ProcessStartInfo(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{Server.MqttPort}", "-q", "1", "-t", "cmd/cars/+/stop", "-t", "ready", "-v", "-W", "20"])
        { RedirectStandardOutput = true })!;
        // The listener hears a message of its own first: from then on its subscription stands.
        var heard = listener.StandardOutput.ReadLineAsync();
        while (!heard.IsCompleted)
        {
            await Server.PublishAsync("ready", "?");
            await Task.WhenAny(heard, Task.Delay(100));
        }

        var sent = Stopwatch.StartNew();
        await PublishFileAsync("dt/cars/MQYK4Z8WGTJDFDA05/dtc", "car-diagnostics.json");
        string? line;
        while ((line = await listener.StandardOutput.ReadLineAsync())?.StartsWith("ready", StringComparison.Ordinal) == true)
        {
        }

        Assert.True(sent.Elapsed < TimeSpan.FromSeconds(1), $"after {sent.Elapsed}");
        Assert.NotNull(line);
        Assert.StartsWith("cmd/cars/MQYK4Z8WGTJDFDA05/stop {", line, StringComparison.Ordinal);
        Assert.Equal("STOP", JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("command").GetString());
        listener.Kill();
    }

    [Fact]
    public async Task A_home_s_event_is_a_record_a_measure_and_a_clock_ahead_is_corrected()
    {
        await PublishFileAsync("dt/homes/12345678-9012-3456-7890-123456789012/measures", "home-device.json");
        await Eventually.Equal(4, () => Server.CountAsync("SELECT count(*) FROM homes.measures WHERE DeviceID = '12345678-9012-3456-7890-123456789012'"));
        var watts = (await Server.QueryAsync(
            "SELECT time, measure_value::double FROM homes.measures WHERE DeviceID = '12345678-9012-3456-7890-123456789012' AND measure_name = 'watt_measure'"))[0];
        Assert.Equal("2021-01-04 10:46:15.225499000", watts[0].GetString());
        Assert.Equal(777.8, watts[1].GetDouble());

        var ahead = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000).ToUnixTimeMilliseconds();
        await Server.PublishAsync("dt/homes/ahead/measures", $$"""{"Time":{{ahead}},"DeviceID":"ahead","watt_measure":1}""");
        await Eventually.Equal(
            1, () => Server.CountAsync("SELECT count(*) FROM homes.measures WHERE DeviceID = 'ahead' AND abs(date_diff('second', time, now()::TIMESTAMP)) < 60"));
    }

    [Fact]
    public async Task Every_site_has_its_own_table()
    {
        foreach (var site in new[] { "north", "south" })
        {
            await Server.PublishAsync(
                $"dt/wells/{site}/s1/methane",
                $$"""{"site":"{{site}}","sensor":"s1","time":"2021-03-06T08:13:04.5Z","methane_ppm":2.5,"temperature_c":11,"pressure_hpa":1013,"wind_speed_ms":3,"wind_direction_deg":90}""");
            await Eventually.Equal(1, () => Server.CountAsync($"SELECT count(*) FROM wells.{site} WHERE methane_ppm = 2.5"));
        }
    }

    [Fact]
    public async Task What_is_published_over_http_reaches_mqtt_and_the_tables()
    {
        using var answer = await Server.Http.PostAsync(
            "topics/dt/cars/HTTP0000000000001/telemetry?qos=1",
            new StringContent("""{"name":"speed","value":1,"vin":"HTTP0000000000001","trip_id":"t","timestamp":"2020-01-01 00:00:00.123456789"}""", Encoding.UTF8));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await Eventually.Equal(1, () => Server.CountAsync("SELECT count(*) FROM fleet.telemetry WHERE vin = 'HTTP0000000000001'"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"name":"speed","vin":"BAD","trip_id":"t","timestamp":"2020-01-01 00:00:00"}""")]
    [InlineData("""{"name":"speed","value":{},"vin":"BAD","trip_id":"t","timestamp":"2020-01-01 00:00:00"}""")]
    [InlineData("""{"name":"speed","value":1,"vin":"BAD","trip_id":"t","timestamp":"yesterday"}""")]
    [InlineData("""{"name":"speed","value":1,"vin":"BAD","trip_id":"t","timestamp":"9999-01-01 00:00:00"}""")]
    public async Task A_message_that_does_not_fit_is_a_dead_letter_with_its_reason(string payload)
    {
        var topic = $"dt/cars/BAD{Guid.NewGuid():N}/telemetry";
        await Server.PublishAsync(topic, payload);
        await Eventually.Equal(true, async () => (await Server.CliAsync("dead-letters", "--flow", "cars-telemetry", "--format", "json")).Output.Contains(topic, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_surface_answers()
    {
        Assert.Equal("live", (await Server.GetAsync("health/live")).GetProperty("status").GetString());
        Assert.Equal("ready", (await Server.GetAsync("health/ready")).GetProperty("status").GetString());
        Assert.Contains("millrace_ledger_balanced 1", await Server.Http.GetStringAsync("metrics"), StringComparison.Ordinal);
        Assert.StartsWith("3.", (await Server.GetAsync("openapi/v1.json")).GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    private async Task PublishFileAsync(string topic, string payload)
    {
        var ran = await Commands.RunAsync(
            "mosquitto_pub",
            ["-h", "127.0.0.1", "-p", $"{Server.MqttPort}", "-q", "1", "-t", topic, "-f", Scratch.Repository($"samples/payloads/{payload}")]);
        Assert.Equal(0, ran.Code);
    }

    public sealed class Demo : IAsyncLifetime
    {
        public MillraceProcess Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var yaml = await File.ReadAllTextAsync(Scratch.Repository("samples/demo/pipeline.yaml"));
            Server = await MillraceProcess.StartAsync(yaml[..yaml.IndexOf("\nfleets:", StringComparison.Ordinal)]);
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
