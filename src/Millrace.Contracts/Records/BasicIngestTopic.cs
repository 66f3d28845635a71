namespace Millrace.Contracts.Records;

/// <summary>A topic of AWS IoT's Basic Ingest, <c>$aws/rules/{flow}/{rest}</c>: its message is for the flow of that name alone.</summary>
public static class BasicIngestTopic
{
    private static ReadOnlySpan<byte> Prefix => "$aws/rules/"u8;

    /// <summary>Whether a topic is one; of any other, one byte is looked at.</summary>
    public static bool Is(ReadOnlySpan<byte> topic) => topic is [(byte)'$', ..] && topic.StartsWith(Prefix);

    /// <param name="topic">Of Basic Ingest.</param>
    /// <param name="rest">What rules see as the topic; empty where there is nothing behind the flow.</param>
    /// <returns>The flow.</returns>
    public static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> rest)
    {
        var named = topic[Prefix.Length..];
        var slash = named.IndexOf((byte)'/');
        rest = slash < 0 ? default : named[(slash + 1)..];
        return slash < 0 ? named : named[..slash];
    }

    /// <summary>The topic that rules see: of any other topic, the topic itself.</summary>
    public static ReadOnlySpan<byte> WithoutFlow(ReadOnlySpan<byte> topic)
    {
        if (!Is(topic)) return topic;
        Split(topic, out var rest);
        return rest;
    }
}
