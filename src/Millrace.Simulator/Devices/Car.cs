using System.Text.Json;

namespace Millrace.Simulator.Devices;

/// <summary>A car that drives trips: sends each attribute as a message of its own, and halts when it is told to.</summary>
internal sealed class Car : IDevice
{
    private const double StepSeconds = 0.5;

    /// <summary>A car that was not asked for longer has stood still meanwhile: the clock jumped, or the program slept.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(30);

    private readonly Random _random;
    private readonly DeviceFaults _faults;
    private readonly TimeSpan _tripInterval;
    private readonly TimeSpan _troubleInterval;
    private readonly PayloadWriter _payload = new();
    private readonly Motion _motion;
    private readonly string _telemetryTopic;
    private readonly string _tripTopic;
    private readonly string _troubleTopic;
    private TripStatistics _trip = new();
    private string _tripId = "";
    private DateTimeOffset _tripStart;
    private DateTimeOffset _routeEnd;
    private DateTimeOffset _nextAggregate;
    private DateTimeOffset _nextTrip;
    private DateTimeOffset _last;
    private bool _isTold;
    private bool _isHalting;

    public Car(string vin, Random random, DeviceFaults faults, TimeSpan tripInterval, TimeSpan troubleInterval)
    {
        (ClientId, _random, _faults, _tripInterval, _troubleInterval) = (vin, random, faults, tripInterval, troubleInterval);
        _motion = new Motion(random);
        _telemetryTopic = $"dt/cars/{vin}/telemetry";
        _tripTopic = $"dt/cars/{vin}/trip";
        _troubleTopic = $"dt/cars/{vin}/dtc";
        CommandTopic = $"cmd/cars/{vin}/stop";
    }

    public const string AnomalyText = "oil_temp rises by 80: an engine that overheats";

    public string ClientId { get; }

    public string CommandTopic { get; }

    public bool IsOnline(DateTimeOffset now) => _faults.IsOnline(now);

    public void Measure(DateTimeOffset now, List<DeviceMessage> messages)
    {
        var passed = _last == default || now - _last > LongestGap ? TimeSpan.Zero : now - _last;
        _last = now;
        if (!_motion.IgnitionOn && now >= _nextTrip) BeginTrip(now);
        if (_motion.IgnitionOn && (_isTold || now >= _routeEnd)) _isHalting = true;
        _isTold = false;
        Drive(passed, now);

        AddTelemetry(now, messages);
        if (!_motion.IgnitionOn) return;
        if (_isHalting && _motion.Speed == 0) EndTrip(now, messages);
        else if (now >= _nextAggregate) AddAggregate(now, messages);
        if (!_isHalting && _random.NextDouble() * _troubleInterval < passed) AddTrouble(now, messages);
    }

    /// <summary>Understands <c>{"command":"STOP"}</c>.</summary>
    public void Obey(ReadOnlyMemory<byte> command)
    {
        try
        {
            using var json = JsonDocument.Parse(command);
            _isTold |= json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("command", out var name)
                && name.ValueKind == JsonValueKind.String
                && name.ValueEquals("STOP"u8);
        }
        catch (JsonException)
        {
            // Anybody may publish to a command topic; a car does not stop for noise.
        }
    }

    private void BeginTrip(DateTimeOffset now)
    {
        _motion.SwitchOn();
        _trip = new TripStatistics();
        _tripId = _random.UuidOf(now);
        _tripStart = now;
        _routeEnd = now + _random.Between(TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(20));
        _nextAggregate = now + _tripInterval;
        _isHalting = false;
    }

    private void EndTrip(DateTimeOffset now, List<DeviceMessage> messages)
    {
        _motion.SwitchOff();
        AddAggregate(now, messages);
        _nextTrip = now + _random.Between(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(25));
    }

    private void Drive(TimeSpan passed, DateTimeOffset now)
    {
        for (var left = passed.TotalSeconds; left > 0; left -= StepSeconds)
        {
            var step = Math.Min(left, StepSeconds);
            _motion.Move(step, _isHalting);
            if (_motion.IgnitionOn) _trip.Add(_motion, step, OilTemp(now));
        }
    }

    private double OilTemp(DateTimeOffset now) => _motion.OilTemp + (80 * _faults.AnomalyAt(now));

    private void AddTelemetry(DateTimeOffset now, List<DeviceMessage> messages)
    {
        Add("steering_wheel_angle", _motion.SteeringWheelAngle, 1);
        Add("torque_at_transmission", _motion.Torque, 1);
        Add("engine_speed", _motion.EngineSpeed, 1);
        Add("vehicle_speed", _motion.Speed, 2);
        Add("acceleration", _motion.Acceleration, 4);
        Add("accelerator_pedal_position", _motion.AcceleratorPedal, 1);
        Add("brake", _motion.Brake, 1);
        Send(Begin("parking_brake_status").Add("value", !_motion.IgnitionOn));
        Send(Begin("brake_pedal_status").Add("value", _motion.Brake > 0));
        Add("odometer", _motion.Odometer, 3);
        Send(Begin("ignition_status").Add("value", Ignition));
        Add("fuel_level", _motion.FuelLevel, 2);
        Add("fuel_consumed_since_restart", _motion.FuelConsumed, 6);
        Add("oil_temp", OilTemp(now), 1);
        Send(Begin("location").Add("latitude", _motion.Latitude, 5).Add("longitude", _motion.Longitude, 5));
        Send(Begin("transmission_gear_position").Add("value", _motion.Gear));
        Send(Begin("gear_lever_position").Add("value", _motion.GearLever));

        PayloadWriter Begin(string name) => _payload.Begin().Add("name", name);

        void Add(string name, double value, int decimals) => Send(Begin(name).Add("value", value, decimals));

        void Send(PayloadWriter payload) =>
            messages.Add(new(_telemetryTopic, payload.Add("vin", ClientId).Add("trip_id", _tripId).AddCarTime(now + _faults.Ahead).End()));
    }

    private void AddAggregate(DateTimeOffset now, List<DeviceMessage> messages)
    {
        _nextAggregate = now + _tripInterval;
        _trip.Write(_payload.Begin());
        _payload.AddIsoTime("start_time", _tripStart + _faults.Ahead);
        if (!_motion.IgnitionOn) _payload.AddIsoTime("end_time", now + _faults.Ahead);
        _payload
            .Add("ignition_status", Ignition)
            .Add("brake_pedal_status", _motion.Brake > 0)
            .Add("transmission_gear_position", _motion.Gear)
            .Add("odometer", _motion.Odometer, 3)
            .Add("fuel_level", _motion.FuelLevel, 2)
            .Add("fuel_consumed_since_restart", _motion.FuelConsumed, 6)
            .Add("latitude", _motion.Latitude, 5)
            .Add("longitude", _motion.Longitude, 5)
            .AddCarTime(now + _faults.Ahead)
            .Add("trip_id", _tripId)
            .Add("vin", ClientId)
            .Add("name", "aggregated_telemetrics");
        messages.Add(new(_tripTopic, _payload.End()));
    }

    private void AddTrouble(DateTimeOffset now, List<DeviceMessage> messages)
    {
        var code = TroubleCodes.All[_random.Next(TroubleCodes.All.Length)];
        _payload.Begin().AddCarTime(now + _faults.Ahead).Add("trip_id", _tripId).Add("vin", ClientId).Add("name", "dtc").Add("value", code);
        messages.Add(new(_troubleTopic, _payload.End()));
    }

    private string Ignition => _motion.IgnitionOn ? "run" : "off";
}
