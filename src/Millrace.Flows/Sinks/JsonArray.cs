using System.Globalization;
using System.Text.Json;

namespace Millrace.Flows.Sinks;

/// <summary>The elements of a JSON array, as they stand there.</summary>
internal static class JsonArray
{
    private const int MaxDepth = 64;

    /// <summary>Whether a payload begins as one.</summary>
    public static bool Is(ReadOnlySpan<byte> payload) => payload.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    /// <param name="payload">Begins as an array.</param>
    /// <param name="most">Elements it may have.</param>
    /// <param name="elements">Gets the place of each.</param>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? Split(ReadOnlySpan<byte> payload, int most, List<Range> elements)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (elements.Count == most) return string.Create(CultureInfo.InvariantCulture, $"the array has more than the {most} elements that batchMode takes");
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                elements.Add(start..(int)reader.BytesConsumed);
            }

            return reader.Read() ? "something stands behind the array" : null;
        }
        catch (JsonException wrong)
        {
            return $"the array is no JSON: {wrong.Message}";
        }
    }

    /// <summary>JSON without the space between its values.</summary>
    /// <param name="json">Valid.</param>
    /// <param name="into">As long as <paramref name="json"/>.</param>
    /// <returns>How much of it was filled.</returns>
    public static int Compact(ReadOnlySpan<byte> json, Span<byte> into)
    {
        var (length, inString) = (0, false);
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (!inString && c is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') continue;
            into[length++] = c;
            if (c == '"') inString = !inString;
            else if (inString && c == '\\') into[length++] = json[++i];
        }

        return length;
    }
}
