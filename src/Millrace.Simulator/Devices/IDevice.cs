namespace Millrace.Simulator.Devices;

/// <summary>A device without its connection: what it measures follows from its seed, the times it is asked at and the commands it got.</summary>
/// <remarks>Not for two threads at once, but for <see cref="IsOnline"/>, which depends on the time alone.</remarks>
internal interface IDevice
{
    /// <summary>Also the name of the device.</summary>
    string ClientId { get; }

    /// <summary>The topic filter of the commands it obeys; null where it obeys none.</summary>
    string? CommandTopic { get; }

    /// <summary>False where it is out of reach on purpose.</summary>
    bool IsOnline(DateTimeOffset now);

    /// <summary>Asked once an interval. Adds what it wants to be delivered.</summary>
    void Measure(DateTimeOffset now, List<DeviceMessage> messages);

    /// <summary>Bytes from outside: what it does not understand it ignores.</summary>
    void Obey(ReadOnlyMemory<byte> command);
}
