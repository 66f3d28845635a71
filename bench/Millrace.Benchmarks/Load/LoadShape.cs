using System.Globalization;

namespace Millrace.Benchmarks.Load;

/// <summary>So many connections, each with so many messages in flight. Written <c>100x50</c>.</summary>
internal sealed record LoadShape(int Connections, int Window)
{
    public const int MaxConnections = 20_000;

    /// <summary>A packet identifier has 16 bits, and 0 is not one.</summary>
    public const int MaxWindow = ushort.MaxValue;

    /// <summary>What this many take in buffers is some 200 MB.</summary>
    public const int MaxInFlight = 1_000_000;

    public static bool TryParse(string text, out LoadShape shape)
    {
        shape = new LoadShape(0, 0);
        var parts = text.Split('x', StringSplitOptions.TrimEntries);
        if (parts.Length != 2) return false;
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var connections)) return false;
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var window)) return false;
        shape = new LoadShape(connections, window);
        return connections is > 0 and <= MaxConnections && window is > 0 and <= MaxWindow && (long)connections * window <= MaxInFlight;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Connections:N0} x {Window:N0}");
}
