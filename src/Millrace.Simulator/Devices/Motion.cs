namespace Millrace.Simulator.Devices;

/// <summary>How a car moves: speeds in km/h, distances in km, an oil temperature in °F, as the automotive simulator has them.</summary>
internal sealed class Motion
{
    private const double TankLitres = 60;
    private const double IdleRpm = 780;
    private const double KmPerDegree = 111.32;
    private const double OilAtWork = 230;
    private const double OilCold = 70;

    /// <summary>Up to this speed the gear is used, and its rpm for each km/h.</summary>
    private static readonly (string Name, double Until, double RpmPerKmh)[] Gears =
    [
        ("first", 18, 130), ("second", 35, 78), ("third", 55, 52), ("fourth", 75, 40), ("fifth", 100, 32), ("sixth", double.MaxValue, 27),
    ];

    private static readonly double[] Limits = [30, 50, 50, 60, 80, 100, 120];

    private readonly Random _random;
    private readonly double _homeLatitude;
    private readonly double _homeLongitude;
    private double _heading;
    private double _target;
    private double _untilNewTarget;

    public Motion(Random random)
    {
        _random = random;
        _homeLatitude = Latitude = random.Between(38.80, 39.00);
        _homeLongitude = Longitude = random.Between(-77.30, -77.00);
        _heading = random.Between(0, 360);
        Odometer = random.Between(1_000, 90_000);
        FuelLevel = random.Between(60, 100);
        OilTemp = OilCold;
    }

    public bool IgnitionOn { get; private set; }
    public double Speed { get; private set; }

    /// <summary>km/h in a second.</summary>
    public double Acceleration { get; private set; }

    public double EngineSpeed { get; private set; }
    public double Torque { get; private set; }
    public double AcceleratorPedal { get; private set; }
    public double Brake { get; private set; }
    public double SteeringWheelAngle { get; private set; }
    public double OilTemp { get; private set; }
    public double Odometer { get; private set; }

    /// <summary>Of the tank, in percent.</summary>
    public double FuelLevel { get; private set; }

    /// <summary>Litres since the ignition was switched on.</summary>
    public double FuelConsumed { get; private set; }

    public double Latitude { get; private set; }
    public double Longitude { get; private set; }

    public string Gear => !IgnitionOn || Speed < 0.5 ? "neutral" : CurrentGear.Name;

    public string GearLever => IgnitionOn ? "drive" : "park";

    private (string Name, double Until, double RpmPerKmh) CurrentGear
    {
        get
        {
            var gear = 0;
            while (Speed > Gears[gear].Until) gear++;
            return Gears[gear];
        }
    }

    public void SwitchOn()
    {
        IgnitionOn = true;
        FuelConsumed = 0;
        if (FuelLevel < 20) FuelLevel = 100;
        _untilNewTarget = 0;
    }

    public void SwitchOff()
    {
        IgnitionOn = false;
        (Speed, Acceleration, EngineSpeed, Torque, AcceleratorPedal, Brake) = (0, 0, 0, 0, 0, 0);
    }

    /// <param name="seconds">A short step: half a second.</param>
    /// <param name="toAHalt">The driver brakes until the car stands.</param>
    public void Move(double seconds, bool toAHalt)
    {
        if (!IgnitionOn)
        {
            OilTemp += (OilCold - OilTemp) * seconds / 600;
            return;
        }

        ChooseTarget(seconds, toAHalt);
        Accelerate(seconds, toAHalt);
        Drive();
        Burn(seconds);
        Steer(seconds);
    }

    private void ChooseTarget(double seconds, bool toAHalt)
    {
        _untilNewTarget -= seconds;
        if (toAHalt)
        {
            _target = 0;
        }
        else if (_untilNewTarget <= 0)
        {
            // One in five is a red light.
            var isRed = Speed > 5 && _random.Next(5) == 0;
            _target = isRed ? 0 : Limits[_random.Next(Limits.Length)] * _random.Between(0.9, 1.08);
            _untilNewTarget = isRed ? _random.Between(12, 20) : _random.Between(15, 45);
        }
    }

    private void Accelerate(double seconds, bool toAHalt)
    {
        var hardest = _random.Next(400) == 0 ? -20 : -11;
        var wanted = toAHalt ? -7 : Math.Clamp((_target - Speed) * 0.35, hardest, _random.Next(400) == 0 ? 14 : 7);
        Acceleration += (wanted - Acceleration) * Math.Min(1, seconds * 1.5);
        var before = Speed;
        Speed = Math.Clamp(Speed + (Acceleration * seconds) + (_target > 0 ? _random.Noise(0.15) : 0), 0, 160);
        if (_target == 0 && Speed < 1) (Speed, Acceleration) = (0, 0);
        Odometer += (before + Speed) / 2 * seconds / 3600;
    }

    private void Drive()
    {
        AcceleratorPedal = Acceleration < -0.5 || Speed == 0 ? 0 : Math.Clamp((Speed * 0.22) + (Acceleration * 7) + _random.Noise(0.6), 0, 100);
        Brake = Acceleration < -1 ? Math.Clamp(-Acceleration * 5, 0, 100) : Speed == 0 ? 10 : 0;
        EngineSpeed = Speed < 0.5
            ? IdleRpm + _random.Noise(8)
            : Math.Max(IdleRpm, (Speed * CurrentGear.RpmPerKmh) + (AcceleratorPedal * 6) + _random.Noise(12));
        Torque = AcceleratorPedal == 0 ? Math.Max(0, _random.Noise(1)) : Math.Max(0, (AcceleratorPedal * 4.6) + _random.Noise(3));
    }

    private void Burn(double seconds)
    {
        var litres = (0.00025 + (EngineSpeed * AcceleratorPedal * 2.2e-8)) * seconds;
        FuelConsumed += litres;
        FuelLevel = Math.Max(0, FuelLevel - (litres / TankLitres * 100));
        OilTemp += (OilAtWork + (EngineSpeed / 200) - OilTemp) * seconds / 150;
    }

    private void Steer(double seconds)
    {
        if (Speed == 0) return;
        var north = (_homeLatitude - Latitude) * KmPerDegree;
        var east = (_homeLongitude - Longitude) * KmPerDegree * Math.Cos(Latitude * Math.PI / 180);
        // A car that is ten kilometres out turns back, so that a fleet stays on its map.
        var turn = Math.Sqrt((north * north) + (east * east)) < 10
            ? 0
            : Math.IEEERemainder((Math.Atan2(east, north) * 180 / Math.PI) - _heading, 360);
        var wanted = Math.Clamp(turn, -90, 90) + _random.Noise(40);
        SteeringWheelAngle += (wanted - SteeringWheelAngle) * Math.Min(1, seconds * 0.4);
        SteeringWheelAngle = Math.Clamp(SteeringWheelAngle, -450, 450);
        _heading = (_heading + (SteeringWheelAngle * seconds * Math.Min(1, Speed / 50) * 0.2)) % 360;
        var km = Speed * seconds / 3600;
        Latitude += km * Math.Cos(_heading * Math.PI / 180) / KmPerDegree;
        Longitude += km * Math.Sin(_heading * Math.PI / 180) / (KmPerDegree * Math.Cos(Latitude * Math.PI / 180));
    }
}
