using System.Text;
using Millrace.Simulator;
using Millrace.Simulator.Devices;

namespace Millrace.Tests.Simulator;

public sealed class FleetPlanTests
{
    [Theory]
    [InlineData(FleetKind.Cars)]
    [InlineData(FleetKind.Homes)]
    [InlineData(FleetKind.Wells)]
    public void The_same_seed_makes_the_same_fleet_to_the_byte(FleetKind kind)
    {
        Assert.Equal(AllSent(kind, 1), AllSent(kind, 1));
        Assert.NotEqual(AllSent(kind, 1), AllSent(kind, 2));
    }

    [Fact]
    public void Each_faulty_device_is_labelled_with_one_fault()
    {
        var options = Payloads.Options(FleetKind.Homes) with { Devices = 30, ClocksAhead = 0.1, Bursts = 0.1, Anomalies = 0.1 };
        var summary = new FleetPlan(options).Summary;
        Assert.Equal(9, summary.Faults.Count);
        Assert.Equal(9, summary.Faults.Select(static f => f.Device).Distinct().Count());
        Assert.All(summary.Faults, fault => Assert.Contains(fault.Device, summary.Devices));
        foreach (var kind in Enum.GetValues<DeviceFaultKind>()) Assert.Equal(3, summary.Faults.Count(f => f.Kind == kind));
    }

    [Fact]
    public void A_label_says_what_the_device_does()
    {
        var options = Payloads.Options(FleetKind.Homes) with { ClocksAhead = 0.2, Bursts = 0.2 };
        var plan = new FleetPlan(options);
        foreach (var device in plan.Devices)
        {
            var fault = plan.Summary.Faults.SingleOrDefault(f => f.Device == device.ClientId);
            var now = fault?.When?.BeginsAt(Payloads.Morning) ?? Payloads.Morning;
            Assert.Equal(fault?.Kind != DeviceFaultKind.Burst, device.IsOnline(now));
            var told = Payloads.Parse(device.Between(now, now.AddSeconds(1), TimeSpan.FromSeconds(1))[0]).Number("Time");
            Assert.Equal((now + (fault?.Ahead ?? default)).ToUnixTimeMilliseconds(), told);
        }
    }

    [Fact]
    public void More_faults_than_devices_share_them()
    {
        var options = Payloads.Options(FleetKind.Wells) with { Devices = 1, ClocksAhead = 1, Bursts = 1, Anomalies = 1 };
        Assert.Equal(3, new FleetPlan(options).Summary.Faults.Count);
    }

    [Fact]
    public void Sensors_are_spread_over_the_sites_each_with_a_name_of_its_own()
    {
        var plan = new FleetPlan(Payloads.Options(FleetKind.Wells) with { Devices = 25, Sites = 10 });
        Assert.Equal(25, plan.Summary.Devices.Distinct().Count());
        Assert.Equal(["alder-s01", "birch-s01"], plan.Summary.Devices.Take(2));
        Assert.Equal("alder-s02", plan.Summary.Devices[10]);
        Assert.Equal("site9-s01", plan.Summary.Devices[8]);
    }

    [Fact]
    public void The_summary_is_a_line_for_each_fault()
    {
        var plan = new FleetPlan(Payloads.Options(FleetKind.Wells) with { Anomalies = 0.2 });
        var lines = plan.Summary.ToString().Split(Environment.NewLine);
        Assert.Equal("some: 10 wells", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.Contains("a leak", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Options_name_every_mistake_and_the_defaults_have_none()
    {
        foreach (var kind in Enum.GetValues<FleetKind>()) Assert.Empty(FleetOptions.For("x", kind).Check());
        var wrong = new FleetOptions
        {
            Name = "",
            Kind = (FleetKind)9,
            Devices = 0,
            Interval = default,
            ClocksAhead = -1,
            Bursts = 2,
            Anomalies = double.NaN,
            MaxWaiting = 1,
            TripInterval = default,
            TroubleInterval = default,
            Sites = 0,
        };
        Assert.Equal(
            ["name", "kind", "devices", "interval", "clocksAhead", "bursts", "anomalies", "maxWaiting", "tripInterval", "troubleInterval", "sites"],
            wrong.Check().Select(static p => p.Where));
    }

    private static string AllSent(FleetKind kind, int seed)
    {
        var text = new StringBuilder();
        foreach (var device in new FleetPlan(FleetOptions.For("x", kind) with { Seed = seed }).Devices)
            foreach (var message in device.Between(Payloads.Morning, Payloads.Morning.AddMinutes(1), TimeSpan.FromSeconds(2)))
                text.Append(message.Topic).Append(' ').Append(Encoding.UTF8.GetString(message.Payload)).Append('\n');
        return text.ToString();
    }
}
