using Millrace.Simulator;
using Millrace.Simulator.Devices;

namespace Millrace.Tests.Simulator;

public sealed class WellTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Start = Payloads.Morning;

    [Fact]
    public void A_reading_names_site_sensor_and_time()
    {
        var message = Assert.Single(Make().Between(Start, Start + Interval, Interval));
        Assert.Equal("dt/wells/alder/s01/methane", message.Topic);
        var json = Payloads.Parse(message);
        Assert.Equal(
        [
            "site: String", "sensor: String", "time: String", "methane_ppm: Number", "temperature_c: Number", "pressure_hpa: Number",
            "wind_speed_ms: Number", "wind_direction_deg: Number",
        ], Payloads.Shape(json));
        Assert.Equal("2025-06-02T08:00:00.000Z", json.Text("time"));
    }

    [Fact]
    public void Three_days_at_a_well_stay_within_what_air_does()
    {
        foreach (var message in Make().Between(Start, Start.AddDays(3), Interval))
        {
            var json = Payloads.Parse(message);
            Assert.InRange(json.Number("methane_ppm"), 1.5, 2.8);
            Assert.InRange(json.Number("temperature_c"), 0, 30);
            Assert.InRange(json.Number("pressure_hpa"), 990, 1030);
            Assert.InRange(json.Number("wind_speed_ms"), 0, 12);
            Assert.InRange(json.Number("wind_direction_deg"), 0, 359.9);
        }
    }

    [Fact]
    public void A_leak_rises_and_decays_within_its_window()
    {
        var window = new RecurringWindow(Start.AddMinutes(10) - DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(4));
        var ppm = Make(new DeviceFaults { Anomaly = window }).Between(Start, Start.AddMinutes(30), Interval)
            .ConvertAll(static m => Payloads.Parse(m).Number("methane_ppm"));
        Assert.True(ppm[..60].Max() < 3);
        var top = ppm.IndexOf(ppm.Max());
        Assert.InRange(top, 61, 75);
        Assert.True(ppm[top] > 20);
        Assert.True(ppm[83] < ppm[top] / 2);
        Assert.True(ppm[84..].Max() < 3);
    }

    private static Well Make(DeviceFaults? faults = null) =>
        new("alder", "s01", new Random(3), faults ?? new DeviceFaults(), new Weather(new Random(4)));
}
