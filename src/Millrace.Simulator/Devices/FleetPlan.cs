using System.Globalization;

namespace Millrace.Simulator.Devices;

/// <summary>The devices of a fleet, and who got which fault: both follow from the options alone.</summary>
internal sealed class FleetPlan
{
    private static readonly string[] SiteNames = ["alder", "birch", "cedar", "dogwood", "elder", "fir", "gorse", "hazel"];

    private readonly FleetOptions _options;
    private readonly Random _random;
    private readonly IDevice[] _devices;
    private readonly DeviceFaults[] _faults;
    private readonly List<(int Device, DeviceFaultKind Kind)> _chosen = [];

    public FleetPlan(FleetOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        _faults = new DeviceFaults[options.Devices];
        Array.Fill(_faults, new DeviceFaults());
        ChooseFaults();
        _devices = options.Kind == FleetKind.Wells ? MakeWells() : MakeCarsOrHomes();
        Summary = new FleetSummary(options.Name, options.Kind, [.. _devices.Select(static d => d.ClientId)], [.. _chosen.Select(Describe)]);
    }

    public IReadOnlyList<IDevice> Devices => _devices;

    public FleetSummary Summary { get; }

    // Devices are taken in a random order, one fault each as long as they last, so that each fault can be told from the others.
    private void ChooseFaults()
    {
        var order = Enumerable.Range(0, _options.Devices).ToArray();
        _random.Shuffle(order);
        var next = 0;
        Choose(DeviceFaultKind.ClockAhead, _options.ClocksAhead);
        Choose(DeviceFaultKind.Burst, _options.Bursts);
        Choose(DeviceFaultKind.Anomaly, _options.Anomalies);

        void Choose(DeviceFaultKind kind, double share)
        {
            for (var left = (int)Math.Ceiling(share * order.Length); left > 0; left--)
            {
                var device = order[next++ % order.Length];
                _faults[device] = Make(kind, _faults[device]);
                _chosen.Add((device, kind));
            }
        }
    }

    private DeviceFaults Make(DeviceFaultKind kind, DeviceFaults before) => kind switch
    {
        DeviceFaultKind.ClockAhead => before with { Ahead = TimeSpan.FromSeconds(_random.Next(5 * 60, 60 * 60)) },
        DeviceFaultKind.Burst => before with { Offline = Window(240, 360, 45, 120) },
        _ => before with { Anomaly = Window(480, 900, 120, 240) },
    };

    private RecurringWindow Window(int everyLeast, int everyMost, int lastsLeast, int lastsMost) => new(
        TimeSpan.FromSeconds(_random.Next(everyMost)),
        TimeSpan.FromSeconds(_random.Next(everyLeast, everyMost)),
        TimeSpan.FromSeconds(_random.Next(lastsLeast, lastsMost)));

    private IDevice[] MakeCarsOrHomes()
    {
        var devices = new IDevice[_options.Devices];
        for (var i = 0; i < devices.Length; i++)
        {
            var random = new Random(_random.Next());
            devices[i] = _options.Kind == FleetKind.Cars
                ? new Car(random.Alphanumeric(17), random, _faults[i], _options.TripInterval, _options.TroubleInterval)
                : new Home(random.Uuid(), random, _faults[i]);
        }

        return devices;
    }

    private IDevice[] MakeWells()
    {
        var sites = Enumerable.Range(0, _options.Sites).Select(_ => new Weather(new Random(_random.Next()))).ToArray();
        var devices = new IDevice[_options.Devices];
        for (var i = 0; i < devices.Length; i++)
        {
            var site = i % sites.Length;
            var name = site < SiteNames.Length ? SiteNames[site] : string.Create(CultureInfo.InvariantCulture, $"site{site + 1}");
            var sensor = string.Create(CultureInfo.InvariantCulture, $"s{(i / sites.Length) + 1:D2}");
            devices[i] = new Well(name, sensor, new Random(_random.Next()), _faults[i], sites[site]);
        }

        return devices;
    }

    private DeviceFault Describe((int Device, DeviceFaultKind Kind) chosen)
    {
        var (name, faults) = (_devices[chosen.Device].ClientId, _faults[chosen.Device]);
        return chosen.Kind switch
        {
            DeviceFaultKind.ClockAhead => new(name, chosen.Kind)
            {
                Ahead = faults.Ahead,
                What = string.Create(CultureInfo.InvariantCulture, $"its clock is {faults.Ahead.TotalMinutes:F1} minutes ahead"),
            },
            DeviceFaultKind.Burst => new(name, chosen.Kind) { When = faults.Offline, What = "offline, then delivers what it kept" },
            _ => new(name, chosen.Kind)
            {
                When = faults.Anomaly,
                What = _options.Kind switch
                {
                    FleetKind.Cars => Car.AnomalyText,
                    FleetKind.Homes => Home.AnomalyText,
                    _ => Well.AnomalyText,
                },
            },
        };
    }
}
