namespace Millrace.Simulator.Devices;

/// <summary>A methane sensor at a well. Weather is the site's; a leak is this sensor's own.</summary>
internal sealed class Well : IDevice
{
    /// <summary>What the air holds far from any well.</summary>
    private const double BackgroundPpm = 1.9;

    private readonly string _site;
    private readonly string _sensor;
    private readonly Random _random;
    private readonly DeviceFaults _faults;
    private readonly PayloadWriter _payload = new();
    private readonly string _topic;
    private readonly Weather _weather;
    private readonly double _background;
    private readonly double _leak;

    public Well(string site, string sensor, Random random, DeviceFaults faults, Weather weather)
    {
        (_site, _sensor, _random, _faults, _weather) = (site, sensor, random, faults, weather);
        ClientId = $"{site}-{sensor}";
        _topic = $"dt/wells/{site}/{sensor}/methane";
        _background = BackgroundPpm + random.Between(0, 0.4);
        _leak = random.Between(25, 150);
    }

    public const string AnomalyText = "methane_ppm rises by 25 to 150 and decays: a leak";

    public string ClientId { get; }

    public string? CommandTopic => null;

    public bool IsOnline(DateTimeOffset now) => _faults.IsOnline(now);

    public void Measure(DateTimeOffset now, List<DeviceMessage> messages)
    {
        var leak = _leak * _faults.AnomalyAt(now) * _random.Between(0.85, 1.15);
        _payload.Begin()
            .Add("site", _site)
            .Add("sensor", _sensor)
            .AddIsoTime("time", now + _faults.Ahead)
            .Add("methane_ppm", Math.Max(0, _background + leak + _random.Noise(0.04)), 3)
            .Add("temperature_c", _weather.TemperatureC(now) + _random.Noise(0.2), 1)
            .Add("pressure_hpa", _weather.PressureHpa(now) + _random.Noise(0.1), 1)
            .Add("wind_speed_ms", Math.Max(0, _weather.WindSpeed(now) + _random.Noise(0.4)), 1)
            .Add("wind_direction_deg", Weather.Direction(_weather.WindDirection(now) + _random.Noise(4)), 1);
        messages.Add(new(_topic, _payload.End()));
    }

    public void Obey(ReadOnlyMemory<byte> command)
    {
    }
}
