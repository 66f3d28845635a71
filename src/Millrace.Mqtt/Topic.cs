namespace Millrace.Mqtt;

/// <summary>Topic names and topic filters (MQTT 5 section 4.7).</summary>
public static class Topic
{
    /// <summary>The two byte length before a string allows no more. [MQTT-4.7.3-3]</summary>
    public const int MaxBytes = 65_535;

    /// <summary>
    /// A name that can be published to: [MQTT-4.7.3-1] at least one character, [MQTT-4.7.3-2] no U+0000, [MQTT-3.3.2-2] no wildcards.
    /// </summary>
    public static bool IsValidName(ReadOnlySpan<byte> topic) =>
        topic.Length is > 0 and <= MaxBytes && topic.IndexOfAny((byte)'+', (byte)'#', (byte)0) < 0
        && System.Text.Unicode.Utf8.IsValid(topic);

    /// <summary>A filter that can be subscribed to; of <c>$share/group/filter</c> the whole of it.</summary>
    public static bool IsValidFilter(ReadOnlySpan<byte> filter)
    {
        if (filter.Length is 0 or > MaxBytes || !Utf8Text.IsValid(filter)) return false;
        if (IsShared(filter))
        {
            // [MQTT-4.8.2-1], [MQTT-4.8.2-2]: a share name of one character or more without wildcards, a slash, and a filter.
            var share = filter[SharePrefix.Length..];
            var slash = share.IndexOf((byte)'/');
            if (slash < 1 || slash == share.Length - 1 || share[..slash].IndexOfAny((byte)'+', (byte)'#') >= 0) return false;
            filter = share[(slash + 1)..];
        }

        if (filter.IndexOfAny((byte)'+', (byte)'#') < 0) return true;
        for (var i = 0; i < filter.Length; i++)
        {
            if (filter[i] is not ((byte)'+' or (byte)'#')) continue;
            var startsLevel = i == 0 || filter[i - 1] == '/';
            var endsFilter = i == filter.Length - 1;

            // [MQTT-4.7.1-1] '#' is the last character and a level of its own; [MQTT-4.7.1-2] '+' fills a whole level.
            var endsLevel = endsFilter || (filter[i] == '+' && filter[i + 1] == '/');
            if (!startsLevel || !endsLevel) return false;
        }

        return true;
    }

    /// <summary>A shared subscription of MQTT 5 (section 4.8).</summary>
    public static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith(SharePrefix);

    /// <summary>Whether a valid filter, not a shared one, matches a valid name.</summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        // [MQTT-4.7.2-1] A filter that starts with a wildcard does not match names that start with '$'.
        if (topic[0] == '$' && filter[0] is ((byte)'+' or (byte)'#')) return false;
        while (true)
        {
            if (filter.Length == 1 && filter[0] == '#') return true;
            var filterEnd = filter.IndexOf((byte)'/');
            var topicEnd = topic.IndexOf((byte)'/');
            var level = filterEnd < 0 ? filter : filter[..filterEnd];
            var name = topicEnd < 0 ? topic : topic[..topicEnd];
            if (!(level.Length == 1 && level[0] == '+') && !level.SequenceEqual(name)) return false;
            if (topicEnd < 0)
            {
                // Section 4.7.1.2: "sport/#" also matches its parent "sport".
                return filterEnd < 0 || filter[(filterEnd + 1)..].SequenceEqual("#"u8);
            }

            if (filterEnd < 0) return false;
            filter = filter[(filterEnd + 1)..];
            topic = topic[(topicEnd + 1)..];
        }
    }

    private static ReadOnlySpan<byte> SharePrefix => "$share/"u8;
}
