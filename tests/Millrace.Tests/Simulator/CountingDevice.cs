using System.Globalization;
using System.Text;
using Millrace.Simulator.Devices;

namespace Millrace.Tests.Simulator;

/// <summary>Sends the number of the measurement, and remembers its commands.</summary>
internal sealed class CountingDevice : IDevice
{
    private int _count;

    public bool Online { get; set; } = true;

    public int MessagesEach { get; set; } = 1;

    public List<string> Commands { get; } = [];

    public string ClientId => "counter";

    public string? CommandTopic => "cmd/counter";

    public bool IsOnline(DateTimeOffset now) => Online;

    public void Measure(DateTimeOffset now, List<DeviceMessage> messages)
    {
        for (var i = 0; i < MessagesEach; i++)
            messages.Add(new("dt/counter", Encoding.UTF8.GetBytes((++_count).ToString(CultureInfo.InvariantCulture))));
    }

    public void Obey(ReadOnlyMemory<byte> command) => Commands.Add(Encoding.UTF8.GetString(command.Span));
}
