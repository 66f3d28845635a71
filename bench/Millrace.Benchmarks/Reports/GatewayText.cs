using System.Globalization;
using System.Text;

namespace Millrace.Benchmarks.Reports;

/// <summary>The report for people: a line for each row, ours beside theirs, and the ratio as a bar.</summary>
internal static class GatewayText
{
    private const string Scale = "0         1         2";

    public static string Write(GatewayReport report)
    {
        var text = new StringBuilder();
        var peer = report.Peer is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {report.Rounds} rounds in turns with {report.Peer}");
        text.AppendLine(CultureInfo.InvariantCulture, $"gateway: {report.Messages:N0} messages a round after {report.WarmUp:N0} to warm up{peer}");
        var transport = report.Transport is null ? "" : $", our transport {report.Transport}";
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"on {report.Machine.Processors} processors, {report.Machine.FileSystem}, load average before {report.Machine.LoadAverageBefore}{transport}");
        if (report.Machine.FileSystem == "tmpfs") text.AppendLine("The data is on tmpfs: an fsync costs nothing there. Use --data for a real disk.");
        if (report.Rows.Count > 0) text.AppendLine().Append(Table(report.Rows));
        if (report.Allocations.Count > 0) text.AppendLine().Append(Allocations(report.Allocations));
        return text.AppendLine().Append(Verdict(report)).ToString();
    }

    private static TextTable Table(IReadOnlyList<GatewayResult> rows)
    {
        var table = new TextTable();
        table.Add("", ["millrace", "", "", "", "mosquitto", "", "", "", "ours :"]);
        table.Add("", ["per s", "cost", "p50 ms", "p99 ms", "per s", "cost", "p50 ms", "p99 ms", "theirs", Scale]);
        foreach (var group in rows.GroupBy(static r => (r.Group, r.Unit)))
        {
            table.Add("", Array.Empty<string>());
            table.Add($"{group.Key.Group} ({group.Key.Unit})", Array.Empty<string>());
            foreach (var row in group) table.Add($"  {row.Title}", Cells(row));
        }

        return table;
    }

    private static IEnumerable<string> Cells(GatewayResult row)
    {
        if (row.Ratio is not { } ratio) return ["–"];
        return [.. Side(row.Ours), .. Side(row.Theirs), ratio.ToString(), RatioBar.Of(ratio.Median).PadRight(Scale.Length)];
    }

    private static IEnumerable<string> Side(IReadOnlyList<GatewayFigures> rounds) =>
    [
        Median(rounds.Select(static r => r.PerSecond)),
        Median(rounds.Select(static r => (double?)r.Cost)),
        Median(rounds.Select(static r => r.Wait?.P50Ms)),
        Median(rounds.Select(static r => r.Wait?.P99Ms)),
    ];

    private static string Median(IEnumerable<double?> values) =>
        Spread.Of(values) is { } spread ? new Spread(spread.Median, spread.Median, spread.Median, 1).ToString() : "";

    private static TextTable Allocations(IReadOnlyList<AllocationResult> results)
    {
        var table = new TextTable();
        table.Add("our publish path, without network", ["bytes allocated per message"]);
        foreach (var result in results)
            table.Add($"  {result.Title}", [result.BytesPerMessage.ToString("N2", CultureInfo.InvariantCulture) + (result.IsMet ? "" : "  ✗ more than 1")]);
        return table;
    }

    private static string Verdict(GatewayReport report)
    {
        var text = new StringBuilder();
        var compared = report.Rows.Where(static r => r.Ratio is not null).ToArray();
        var dearer = compared.Where(static r => r.Ratio!.Value.Median >= 1).ToArray();
        if (compared.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Cheaper than mosquitto in {compared.Length - dearer.Length} of {compared.Length} rows.");
            text.AppendLine(dearer.Length == 0 ? "" : $" Not in {string.Join(", ", dearer.Select(static r => r.Name))}.");
        }

        foreach (var row in report.Rows.Where(static r => r.Problem is not null))
            text.AppendLine(CultureInfo.InvariantCulture, $"{(row.HasFailed ? "FAILED" : "Left out")}: {row.Name}: {row.Problem}");
        foreach (var result in report.Allocations.Where(static a => !a.IsMet))
            text.AppendLine(CultureInfo.InvariantCulture, $"FAILED: allocations: {result.Title} allocates {result.BytesPerMessage:N1} bytes per message; 1 is allowed.");
        return text.ToString().TrimEnd();
    }
}
