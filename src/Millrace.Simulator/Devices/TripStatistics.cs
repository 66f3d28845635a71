namespace Millrace.Simulator.Devices;

/// <summary>What a car tells of its trip as a whole: means and counts since the ignition was switched on.</summary>
internal sealed class TripStatistics
{
    private const double HighSpeed = 112.6;
    private const double HighAcceleration = 12;
    private const double HighBraking = -16;

    private double _seconds;
    private double _speed;
    private double _engineSpeed;
    private double _torque;
    private double _oilTemp;
    private double _pedal;
    private double _brake;
    private double _highSpeedSeconds;
    private double _idleSeconds;
    private double _accelerating;
    private int _highAccelerations;
    private int _highBrakings;
    private bool _isBraking;

    public void Add(Motion motion, double seconds, double oilTemp)
    {
        _seconds += seconds;
        _speed += motion.Speed * seconds;
        _engineSpeed += motion.EngineSpeed * seconds;
        _torque += motion.Torque * seconds;
        _oilTemp += oilTemp * seconds;
        _pedal += motion.AcceleratorPedal * seconds;
        _brake += motion.Brake * seconds;
        if (motion.Speed > HighSpeed) _highSpeedSeconds += seconds;
        if (motion.IgnitionOn && motion.Speed <= 1) _idleSeconds += seconds;

        // An event counts once: after a second of accelerating so hard, or when the brake begins to bite so hard.
        var before = _accelerating;
        _accelerating = motion.Acceleration >= HighAcceleration ? before + seconds : 0;
        if (before < 1 && _accelerating >= 1) _highAccelerations++;
        var isBraking = motion.Brake > 0 && motion.Acceleration < HighBraking;
        if (isBraking && !_isBraking) _highBrakings++;
        _isBraking = isBraking;
    }

    public void Write(PayloadWriter payload)
    {
        var all = Math.Max(_seconds, 1e-9);
        payload
            .Add("vehicle_speed_mean", _speed / all)
            .Add("engine_speed_mean", _engineSpeed / all)
            .Add("torque_at_transmission_mean", _torque / all)
            .Add("oil_temp_mean", _oilTemp / all)
            .Add("accelerator_pedal_position_mean", _pedal / all)
            .Add("brake_mean", _brake / all)
            .Add("high_speed_duration", (long)(_highSpeedSeconds * 1000))
            .Add("high_acceleration_event", _highAccelerations)
            .Add("high_braking_event", _highBrakings)
            .Add("idle_duration", (long)(_idleSeconds * 1000));
    }
}
