using System.Text;
using System.Text.Json;
using Millrace.Simulator;
using Millrace.Simulator.Devices;

namespace Millrace.Tests.Simulator;

public sealed class CarTests
{
    private const string Vin = "1NXBR32E84Z995078";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly DateTimeOffset Start = Payloads.Morning;

    private static readonly Dictionary<string, (double Least, double Most)> Ranges = new()
    {
        ["steering_wheel_angle"] = (-450, 450),
        ["torque_at_transmission"] = (0, 500),
        ["engine_speed"] = (0, 6500),
        ["vehicle_speed"] = (0, 160),
        ["acceleration"] = (-25, 20),
        ["accelerator_pedal_position"] = (0, 100),
        ["brake"] = (0, 100),
        ["odometer"] = (0, 200_000),
        ["fuel_level"] = (0, 100),
        ["fuel_consumed_since_restart"] = (0, 60),
        ["oil_temp"] = (60, 280),
    };

    [Fact]
    public void Telemetry_is_one_attribute_a_message_in_the_shape_of_the_sample()
    {
        var messages = Make().Between(Start, Start + Interval, Interval);
        Assert.All(messages, static m => Assert.Equal($"dt/cars/{Vin}/telemetry", m.Topic));
        var speed = Payloads.Parse(messages.Single(static m => Payloads.Parse(m).Text("name") == "vehicle_speed"));
        Assert.Equal(Payloads.Shape(Payloads.CarTelemetry), Payloads.Shape(speed));
        Assert.Equal("2025-06-02 08:00:00.000000000", speed.Text("timestamp"));
        Assert.Equal(17, messages.Select(static m => Payloads.Parse(m).Text("name")).Distinct().Count());
        var place = Payloads.Parse(messages.Single(static m => Payloads.Parse(m).Text("name") == "location"));
        Assert.Equal(
            ["name: String", "latitude: Number", "longitude: Number", "vin: String", "trip_id: String", "timestamp: String"], Payloads.Shape(place));
    }

    [Fact]
    public void The_trip_is_told_once_an_interval_in_the_shape_of_the_sample()
    {
        var trips = Of("trip", Make().Between(Start, Start.AddMinutes(5), Interval));
        Assert.Equal(4, trips.Count);
        Assert.Equal(Payloads.Shape(Payloads.CarTrip), Payloads.Shape(trips[0]));
        Assert.Equal("2025-06-02T08:00:00.000Z", trips[3].Text("start_time"));
    }

    [Fact]
    public void Trouble_is_rare_and_in_the_shape_of_the_sample()
    {
        var trouble = Of("dtc", Make().Between(Start, Start.AddHours(4), Interval));
        Assert.InRange(trouble.Count, 8, 50);
        Assert.All(trouble, static t => Assert.Equal(Payloads.Shape(Payloads.CarTrouble), Payloads.Shape(t)));
        Assert.All(trouble, static t => Assert.Contains(t.Text("value"), TroubleCodes.All));
    }

    [Fact]
    public void An_hour_of_driving_stays_within_what_cars_do()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var moved = false;
            foreach (var json in Of("telemetry", Make(seed).Between(Start, Start.AddHours(1), Interval)))
            {
                var name = json.Text("name");
                if (Ranges.TryGetValue(name, out var range)) Assert.InRange(json.Number("value"), range.Least, range.Most);
                if (name == "vehicle_speed") moved |= json.Number("value") > 100;
                if (name != "location") continue;
                Assert.InRange(json.Number("latitude"), 38.5, 39.3);
                Assert.InRange(json.Number("longitude"), -77.7, -76.6);
            }

            Assert.True(moved);
        }
    }

    [Fact]
    public void The_same_seed_and_times_make_the_same_bytes()
    {
        var later = Start.AddMinutes(10);
        var first = Bytes(Make(1).Between(Start, later, Interval));
        Assert.Equal(first, Bytes(Make(1).Between(Start, later, Interval)));
        Assert.NotEqual(first, Bytes(Make(2).Between(Start, later, Interval)));
    }

    [Fact]
    public void On_stop_it_slows_to_a_halt_ends_its_trip_and_begins_another()
    {
        var car = Make();
        var now = Start;
        while (Speed(car, now) < 60) now += Interval;
        var trip = TripId(car, now += Interval);
        car.Obey("""{"command":"STOP","vin":"x"}"""u8.ToArray());

        var messages = new List<DeviceMessage>();
        var halt = now.AddSeconds(40);
        var last = double.MaxValue;
        var before = now;
        while (Of("trip", messages).All(static t => t.Text("ignition_status") == "run"))
        {
            Assert.True(now < halt);
            messages.AddRange(car.Between(now += Interval, now + Interval, Interval));
            var speed = Speeds(messages)[^1];
            Assert.True(speed <= last || now - before < TimeSpan.FromSeconds(5), "it slows down");
            last = speed;
        }

        Assert.Equal(0, last);
        var end = Of("trip", messages)[^1];
        Assert.Equal("off", end.Text("ignition_status"));
        Assert.Equal(trip, end.Text("trip_id"));
        Assert.EndsWith("Z", end.Text("end_time"), StringComparison.Ordinal);

        var parked = car.Between(now + Interval, now.AddSeconds(8), Interval);
        Assert.All(Speeds(parked), static s => Assert.Equal(0, s));
        var later = car.Between(now.AddSeconds(8), now.AddSeconds(90), Interval);
        Assert.Contains(Speeds(later), static s => s > 20);
        Assert.NotEqual(trip, Of("telemetry", later)[^1].Text("trip_id"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("STOP")]
    [InlineData("{\"command\":\"GO\"}")]
    [InlineData("{\"command\":1}")]
    [InlineData("[\"STOP\"]")]
    [InlineData("{\"command\":\"STOP\"")]
    [InlineData("\u0000\u00ff")]
    public void Anything_but_stop_changes_nothing(string command)
    {
        var (told, untold) = (Make(), Make());
        var minute = Start.AddMinutes(1);
        Assert.Equal(Bytes(untold.Between(Start, minute, Interval)), Bytes(told.Between(Start, minute, Interval)));
        told.Obey(Encoding.Latin1.GetBytes(command));
        Assert.Equal(
            Bytes(untold.Between(minute, Start.AddMinutes(3), Interval)), Bytes(told.Between(minute, Start.AddMinutes(3), Interval)));
    }

    [Fact]
    public void A_clock_that_jumps_does_not_drive_the_car()
    {
        var car = Make();
        car.Between(Start, Start.AddMinutes(1), Interval);
        var before = Odometer(car, Start.AddMinutes(1));
        Assert.InRange(Odometer(car, Start.AddDays(300)) - before, 0, 0.1);
        Assert.InRange(Odometer(car, Start) - before, 0, 0.1);
    }

    [Fact]
    public void An_overheated_engine_shows_in_its_window_only()
    {
        var window = new RecurringWindow(Start.AddMinutes(30) - DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1), TimeSpan.FromMinutes(4));
        var sound = Make();
        var faulty = Make(faults: new DeviceFaults { Anomaly = window });
        var rise = OilTemps(faulty).Zip(OilTemps(sound), static (a, b) => a - b).ToArray();
        Assert.All(rise[..900], static r => Assert.Equal(0, r, 0.11));
        Assert.InRange(rise.Max(), 75, 80.2);
        Assert.All(rise[1030..], static r => Assert.Equal(0, r, 0.11));

        double[] OilTemps(Car car) =>
        [
            .. Of("telemetry", car.Between(Start, Start.AddMinutes(50), Interval))
                .Where(static j => j.Text("name") == "oil_temp").Select(static j => j.Number("value")),
        ];
    }

    private static Car Make(int seed = 7, DeviceFaults? faults = null) =>
        new(Vin, new Random(seed), faults ?? new DeviceFaults(), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(10));

    private static List<JsonElement> Of(string kind, List<DeviceMessage> messages) =>
        [.. messages.Where(m => m.Topic.EndsWith(kind, StringComparison.Ordinal)).Select(Payloads.Parse)];

    private static double[] Speeds(List<DeviceMessage> messages) => Values(messages, "vehicle_speed");

    private static double Speed(Car car, DateTimeOffset now) => Speeds(car.Between(now, now + Interval, Interval))[0];

    private static double Odometer(Car car, DateTimeOffset now) => Values(car.Between(now, now + Interval, Interval), "odometer")[0];

    private static double[] Values(List<DeviceMessage> messages, string name) =>
        [.. Of("telemetry", messages).Where(j => j.Text("name") == name).Select(static j => j.Number("value"))];

    private static string TripId(Car car, DateTimeOffset now) => Payloads.Parse(car.Between(now, now + Interval, Interval)[0]).Text("trip_id");

    private static string[] Bytes(List<DeviceMessage> messages) => [.. messages.Select(static m => $"{m.Topic} {Encoding.UTF8.GetString(m.Payload)}")];
}
