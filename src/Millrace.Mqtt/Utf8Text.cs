using System.Text.Unicode;

namespace Millrace.Mqtt;

/// <summary>UTF-8 encoded strings (MQTT 5 section 1.5.4).</summary>
internal static class Utf8Text
{
    /// <summary>
    /// [MQTT-1.5.4-1] Well-formed, which surrogates are not; [MQTT-1.5.4-2] and without U+0000.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> text) => !text.Contains((byte)0) && Utf8.IsValid(text);
}
