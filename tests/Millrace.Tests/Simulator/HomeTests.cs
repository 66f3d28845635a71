using Millrace.Simulator;
using Millrace.Simulator.Devices;

namespace Millrace.Tests.Simulator;

public sealed class HomeTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Start = Payloads.Morning;

    [Fact]
    public void An_event_has_the_shape_of_the_sample()
    {
        var message = Assert.Single(Make().Between(Start, Start + Interval, Interval));
        Assert.Equal("dt/homes/id/measures", message.Topic);
        Assert.Equal(Payloads.Shape(Payloads.Home), Payloads.Shape(Payloads.Parse(message)));
    }

    [Fact]
    public void Time_is_in_milliseconds_with_at_most_three_decimals()
    {
        var time = new DateTimeOffset(2021, 1, 4, 10, 46, 15, 225, TimeSpan.Zero).AddTicks(4999);
        var json = Payloads.Parse(Make().Between(time, time + Interval, Interval)[0]);
        Assert.Equal("1609757175225.499", json.GetProperty("Time").GetRawText());
    }

    [Fact]
    public void A_day_in_a_home_stays_within_what_homes_do()
    {
        foreach (var message in Make().Between(Start, Start.AddDays(1), Interval))
        {
            var json = Payloads.Parse(message);
            Assert.InRange(json.Number("temperature_measure"), 15, 25);
            Assert.InRange(json.Number("humidity_measure"), 20, 70);
            Assert.InRange(json.Number("voltage_measure"), 220, 240);
            Assert.InRange(json.Number("watt_measure"), 0, 4000);
        }
    }

    [Fact]
    public void A_clock_that_is_ahead_changes_the_time_and_nothing_else()
    {
        var ahead = TimeSpan.FromMinutes(47);
        var right = Payloads.Parse(Make().Between(Start, Start + Interval, Interval)[0]);
        var wrong = Payloads.Parse(Make(new DeviceFaults { Ahead = ahead }).Between(Start, Start + Interval, Interval)[0]);
        Assert.Equal(ahead.TotalMilliseconds, wrong.Number("Time") - right.Number("Time"));
        Assert.Equal(right.Number("watt_measure"), wrong.Number("watt_measure"));
    }

    [Fact]
    public void It_is_out_of_reach_in_its_window_and_measures_on()
    {
        var window = new RecurringWindow(Start.AddMinutes(1) - DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1));
        var home = Make(new DeviceFaults { Offline = window });
        Assert.True(home.IsOnline(Start));
        Assert.False(home.IsOnline(Start.AddSeconds(60)));
        Assert.False(home.IsOnline(Start.AddSeconds(119)));
        Assert.True(home.IsOnline(Start.AddSeconds(120)));
        Assert.False(home.IsOnline(Start.AddSeconds(360)));
        Assert.Equal(6, home.Between(Start.AddSeconds(60), Start.AddSeconds(120), Interval).Count);
    }

    private static Home Make(DeviceFaults? faults = null) => new("id", new Random(3), faults ?? new DeviceFaults());
}
