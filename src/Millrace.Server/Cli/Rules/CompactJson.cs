using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Millrace.Server.Cli.Rules;

/// <summary>JSON as text, each number and each escape as it was written.</summary>
internal static class CompactJson
{
    /// <summary>The value without the space around its parts.</summary>
    public static byte[] Of(JsonElement value)
    {
        var text = JsonMarshal.GetRawUtf8Value(value);
        var compact = new byte[text.Length];
        var (length, inString) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!inString && c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') continue;
            compact[length++] = c;
            if (c == '"') inString = !inString;
            else if (c == '\\') compact[length++] = text[++i];
        }

        return compact[..length];
    }

    /// <summary>Whether it is one value of JSON, and nothing else.</summary>
    public static bool Is(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text)) return false;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            var any = false;
            while (reader.Read()) any = true;
            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
