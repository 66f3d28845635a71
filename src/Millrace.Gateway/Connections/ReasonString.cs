using System.Text;
using Millrace.Mqtt;

namespace Millrace.Gateway.Connections;

/// <summary>A sentence for people who look at packets (MQTT 5 section 3.14.2.2.3).</summary>
internal static class ReasonString
{
    private const int Longest = 200;

    // Three bytes a character at most, and what stands around it.
    private const int LongestPacket = (Longest * 3) + 16;

    /// <param name="sentence">Null for none.</param>
    /// <param name="maxPacketSize">[MQTT-3.14.2-3] It must not make the packet larger than the client takes.</param>
    public static Properties Of(string? sentence, long maxPacketSize)
    {
        if (string.IsNullOrEmpty(sentence) || maxPacketSize < LongestPacket) return default;
        if (sentence.Length > Longest) sentence = sentence[..Longest];
        var text = Encoding.UTF8.GetBytes(sentence);
        var properties = new PropertyWriter(new byte[text.Length + 3]);
        properties.Add(PropertyId.ReasonString, text);
        return properties.Written;
    }
}
