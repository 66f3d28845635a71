namespace Millrace.Gateway.Connections;

/// <summary>AWS IoT's Basic Ingest: <c>$aws/rules/{rule}/{topic}</c> goes to that rule alone and to no subscriber.</summary>
internal static class BasicIngest
{
    private static ReadOnlySpan<byte> Prefix => "$aws/rules/"u8;

    public static bool Is(ReadOnlySpan<byte> topic) => topic.StartsWith(Prefix);

    /// <summary>The topic that the rule sees, and that limits of length and levels count.</summary>
    public static ReadOnlySpan<byte> WithoutRule(ReadOnlySpan<byte> topic)
    {
        if (!Is(topic)) return topic;
        var rest = topic[Prefix.Length..];
        var slash = rest.IndexOf((byte)'/');
        return slash < 0 ? default : rest[(slash + 1)..];
    }
}
