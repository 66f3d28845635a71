using System.Globalization;
using System.Text;

namespace Millrace.Benchmarks.Reports;

/// <summary>The report for people: a line for each row, ours beside the two by hand, and the ratio to JsonNode as a bar.</summary>
internal static class RulesText
{
    private const string Scale = "0         1         2";

    public static string Write(RulesReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"rules: {report.Rounds} rounds in turns, {report.Messages:N0} messages each; ns a message: median (least–most)");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"on {report.Machine.Processors} processors, {report.Machine.Runtime}, load average before {report.Machine.LoadAverageBefore}");
        text.AppendLine().Append(Table(report)).AppendLine();
        if (report.ThousandToOne is { } ratio)
            text.AppendLine(CultureInfo.InvariantCulture, $"A thousand rules take {ratio:N2} times as long as one.");
        text.AppendLine("All three gave the same output for every message.");
        foreach (var failure in report.Failures) text.AppendLine(CultureInfo.InvariantCulture, $"FAILED: {failure}.");
        return text.ToString().TrimEnd();
    }

    private static TextTable Table(RulesReport report)
    {
        var table = new TextTable();
        table.Add("", ["millrace", "", "Utf8JsonReader", "", "JsonNode", "", "ours :", "ours :", ""]);
        table.Add("", ["ns", "bytes", "ns", "bytes", "ns", "bytes", "reader", "node", Scale]);
        foreach (var row in report.Rows)
        {
            table.Add(
                $"{row.Name}: {row.Title}",
                [.. Side(row.Ours), .. Side(row.Reader), .. Side(row.Node), row.ReaderRatio.ToString(), row.NodeRatio.ToString(), RatioBar.Of(row.NodeRatio.Median).PadRight(Scale.Length)]);
        }

        return table;
    }

    private static IEnumerable<string> Side(RuleTimes times) => [times.Ns.ToString(), times.Bytes.ToString("N0", CultureInfo.InvariantCulture)];
}
