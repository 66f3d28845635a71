namespace Millrace.Benchmarks.Series.Data;

/// <summary>Where one truck is and how it does: each value walks by a small step from tick to tick, within its limits.</summary>
internal sealed class Truck
{
    private const double MostLoad = 5000;

    private readonly DataRandom _random;
    private double _latitude;
    private double _longitude;
    private double _elevation;
    private double _velocity;
    private double _heading;
    private double _grade;
    private double _fuelConsumption = 25;
    private double _fuelState = 1;
    private double _load;
    private double _status;

    public Truck(DataRandom random)
    {
        _random = random;
        _latitude = random.Between(-90, 90);
        _longitude = random.Between(-180, 180);
        _elevation = random.Between(0, 5000);
        _heading = random.Between(0, 360);
        _load = random.Between(0, MostLoad);
    }

    public void Read(ref TruckValues values)
    {
        values[0] = Cut(Walk(ref _latitude, 0.005, -90, 90), 100_000);
        values[1] = Cut(Walk(ref _longitude, 0.005, -180, 180), 100_000);
        values[2] = Math.Truncate(Walk(ref _elevation, 10, 0, 5000));
        values[3] = Math.Truncate(Walk(ref _velocity, 10, 0, 100));
        values[4] = Math.Truncate(Walk(ref _heading, 5, 0, 360));
        values[5] = Math.Truncate(Walk(ref _grade, 5, 0, 100));
        values[6] = Cut(Walk(ref _fuelConsumption, 5, 0, 50), 10);
    }

    public void Diagnose(ref TruckValues values)
    {
        // It is refuelled when it is empty.
        _fuelState = _fuelState <= 0 ? 1 : Math.Max(0, _fuelState - (_random.Unit() * 0.001));
        if (_random.Chance(0.05)) _load = _random.Between(0, MostLoad);
        _status = Math.Clamp(_status + _random.Normal(), 0, 5);
        values[0] = Cut(_fuelState, 10);
        values[1] = Math.Truncate(_load);
        values[2] = Math.Truncate(_status);
    }

    private double Walk(ref double value, double step, double least, double most) =>
        value = Math.Clamp(value + _random.Between(-step, step), least, most);

    // A whole number by a power of ten: the same double as the decimal text reads as.
    private static double Cut(double value, double scale) => Math.Truncate(value * scale) / scale;
}
