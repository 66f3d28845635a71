namespace Millrace.Simulator.Devices;

/// <summary>A message on its way to the server.</summary>
internal readonly record struct DeviceMessage(string Topic, byte[] Payload);
