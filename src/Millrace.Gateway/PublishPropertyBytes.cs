using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Mqtt;

namespace Millrace.Gateway;

/// <summary>Properties of a message published from inside, as a packet and the log hold them.</summary>
internal static class PublishPropertyBytes
{
    private const int LongestValue = ushort.MaxValue;
    private const int MostLength = 4;
    private const int MostNumbers = 2 * (1 + sizeof(uint));

    /// <returns>Without the length before them; empty where there are none.</returns>
    /// <exception cref="FaultException">Refused: MQTT does not allow one of them.</exception>
    public static byte[] Of(PublishProperties? properties)
    {
        if (properties is null) return [];
        var contentType = Text(properties.ContentType, "the content type");
        var responseTopic = Text(properties.ResponseTopic, "the response topic");
        if (responseTopic is not null && !Topic.IsValidName(responseTopic)) throw Refused("the response topic must be a topic without the wildcards + and #");
        if (properties.CorrelationData is { Length: > LongestValue }) throw Refused($"the correlation data has {properties.CorrelationData.Length} bytes; {LongestValue} are allowed");
        var user = properties.User.Select(static pair => (Name: Text(pair.Key, "the name of a user property")!, Value: Text(pair.Value, "a user property")!)).ToArray();

        var size = MostNumbers + Room(contentType) + Room(responseTopic) + Room(properties.CorrelationData) + user.Sum(static pair => Room(pair.Name) + Room(pair.Value));
        var writer = new PropertyWriter(new byte[size]);
        if (properties.IsUtf8 is { } isUtf8) writer.Add(PropertyId.PayloadFormatIndicator, isUtf8 ? 1u : 0);
        if (properties.ExpirySeconds is { } seconds) writer.Add(PropertyId.MessageExpiryInterval, seconds);
        if (contentType is not null) writer.Add(PropertyId.ContentType, contentType);
        if (responseTopic is not null) writer.Add(PropertyId.ResponseTopic, responseTopic);
        if (properties.CorrelationData is { } data) writer.Add(PropertyId.CorrelationData, data);
        foreach (var (name, value) in user) writer.AddUser(name, value);
        return writer.Written.Bytes.ToArray();
    }

    /// <summary>What properties take of a packet beside the one byte that says there are none.</summary>
    public static int Room(int bytes) => bytes == 0 ? 0 : bytes + MostLength - 1;

    private static int Room(byte[]? value) => value is null ? 0 : 1 + sizeof(ushort) + value.Length;

    private static byte[]? Text(string? text, string what)
    {
        if (text is null) return null;
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > LongestValue) throw Refused($"{what} has {bytes.Length} bytes; {LongestValue} are allowed");
        return !bytes.Contains((byte)0) ? bytes : throw Refused($"{what} holds U+0000, which MQTT does not allow");
    }

    private static FaultException Refused(string message) => new(Fault.Refused, message);
}
