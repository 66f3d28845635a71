namespace Millrace.Simulator.Devices;

/// <summary>A meter in a home: a day's curve of warmth and power, with kettles in between.</summary>
internal sealed class Home : IDevice
{
    private readonly Random _random;
    private readonly DeviceFaults _faults;
    private readonly PayloadWriter _payload = new();
    private readonly string _topic;
    private readonly double _warmth;
    private readonly double _baseLoad;
    private int _kettle;

    public Home(string deviceId, Random random, DeviceFaults faults)
    {
        (ClientId, _random, _faults) = (deviceId, random, faults);
        _topic = $"dt/homes/{deviceId}/measures";
        _warmth = random.Between(18, 22);
        _baseLoad = random.Between(80, 250);
    }

    public const string AnomalyText = "watt_measure rises by 3000: a heater that sticks";

    public string ClientId { get; }

    public string? CommandTopic => null;

    public bool IsOnline(DateTimeOffset now) => _faults.IsOnline(now);

    public void Measure(DateTimeOffset now, List<DeviceMessage> messages)
    {
        var hour = now.UtcDateTime.TimeOfDay.TotalHours;
        var warmth = Math.Sin((hour - 9) / 24 * Math.Tau);
        if (_kettle > 0) _kettle--;
        else if (_random.Next(150) == 0) _kettle = 20;
        var watt = _baseLoad + Peak(hour, 7.5, 600) + Peak(hour, 19, 1100) + (_kettle > 0 ? 1800 : 0) + (3000 * _faults.AnomalyAt(now));

        _payload.Begin()
            .AddEpochTime("Time", now + _faults.Ahead)
            .Add("DeviceID", ClientId)
            .Add("temperature_measure", _warmth + (1.5 * warmth) + _random.Noise(0.1), 1)
            .Add("humidity_measure", Math.Clamp(45 - (8 * warmth) + _random.Noise(0.8), 0, 100), 1)
            .Add("voltage_measure", 230 - (watt / 2000) + _random.Noise(0.7), 1)
            .Add("watt_measure", Math.Max(0, watt + _random.Noise(8)), 1);
        messages.Add(new(_topic, _payload.End()));
    }

    public void Obey(ReadOnlyMemory<byte> command)
    {
    }

    private static double Peak(double hour, double at, double height) => height * Math.Exp(-(hour - at) * (hour - at) / 3);
}
