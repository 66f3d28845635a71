namespace Millrace.Simulator.Devices;

/// <summary>The weather of one site, the same for each of its sensors: a few slow waves with phases of the site's own.</summary>
internal sealed class Weather(Random random)
{
    private readonly double _warmth = random.Between(8, 20);
    private readonly double _pressure = random.Between(1008, 1018);
    private readonly double _direction = random.Between(0, 360);
    private readonly double _phase = random.Between(0, Math.Tau);

    public double TemperatureC(DateTimeOffset now) => _warmth + (6 * Wave(now, TimeSpan.FromHours(24), -Math.PI * 3 / 4));

    public double PressureHpa(DateTimeOffset now) => _pressure + (7 * Wave(now, TimeSpan.FromHours(57), _phase));

    public double WindSpeed(DateTimeOffset now) =>
        4.5 + (2.5 * Wave(now, TimeSpan.FromHours(7), _phase)) + (1.2 * Wave(now, TimeSpan.FromMinutes(11), _phase));

    public double WindDirection(DateTimeOffset now) =>
        _direction + (50 * Wave(now, TimeSpan.FromHours(9), _phase)) + (15 * Wave(now, TimeSpan.FromMinutes(13), _phase));

    /// <returns>At least 0 and, rounded to one decimal, less than 360.</returns>
    public static double Direction(double degrees)
    {
        var turned = Math.Round(degrees, 1) % 360;
        return turned < 0 ? turned + 360 : turned;
    }

    private static double Wave(DateTimeOffset now, TimeSpan period, double phase) =>
        Math.Sin((now - DateTimeOffset.UnixEpoch) / period * Math.Tau + phase);
}
