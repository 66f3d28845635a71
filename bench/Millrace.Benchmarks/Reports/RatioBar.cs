namespace Millrace.Benchmarks.Reports;

/// <summary>A ratio as a bar: ten characters are 1, where a line stands; from 2 on it is an arrow.</summary>
internal static class RatioBar
{
    private const int One = 10;
    private const int Length = 2 * One;

    // From one eighth to seven.
    private const string Parts = "▏▎▍▌▋▊▉";

    public static string Of(double ratio)
    {
        if (!double.IsFinite(ratio) || ratio >= 2) return new string('█', Length - 1) + "▶";
        var eighths = Math.Max(1, (int)Math.Round(Math.Max(0, ratio) * One * 8));
        var bar = new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : Parts[(eighths % 8) - 1]);
        return bar.Length <= One ? $"{bar.PadRight(One, '·')}│" : bar;
    }
}
