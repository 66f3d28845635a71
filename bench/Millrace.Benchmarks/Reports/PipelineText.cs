using System.Globalization;
using System.Text;
using Millrace.Benchmarks.Measuring;

namespace Millrace.Benchmarks.Reports;

/// <summary>The report for people: a table for each stack, a column for each load.</summary>
internal static class PipelineText
{
    public static string Write(PipelineReport report)
    {
        var text = new StringBuilder();
        var warmUp = report.WarmUp > 0 ? string.Create(CultureInfo.InvariantCulture, $" after {report.WarmUp:N0} to warm up") : ", from a cold start";
        var lake = report.Lake ? " and into the lake" : "";
        text.AppendLine(CultureInfo.InvariantCulture, $"pipeline: {report.Messages:N0} messages{warmUp}, QoS 1, one rule into one table{lake}");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"on {report.Machine.Processors} processors, {report.Machine.FileSystem}, load average before {report.Machine.LoadAverageBefore}");
        if (report.Machine.FileSystem == "tmpfs") text.AppendLine("The data is on tmpfs: an fsync costs nothing there. Use --data for a real disk.");

        var stacks = report.Rows.GroupBy(static r => r.Stack).ToArray();
        foreach (var stack in stacks) text.AppendLine().Append(Stack(stack.Key, [.. stack]));
        foreach (var other in stacks.Skip(1)) text.AppendLine().Append(Ratio([.. stacks[0]], other.Key, [.. other]));
        return text.ToString();
    }

    private static TextTable Stack(string name, RowResult[] rows)
    {
        var table = new TextTable();
        table.Add(name, rows.Select(static r => r.Load));
        Line("messages/s to the last PUBACK", static r => r.MessagesPerSecondToPuback);
        Line("messages/s to the last row queryable", static r => r.MessagesPerSecondToQueryable);
        Cpu("CPU s per million", "  ", static r => r.Cpu);
        Waits("publish to PUBACK", "", static r => r.Puback);
        foreach (var rate in Rates(rows))
        {
            table.Add(string.Create(CultureInfo.InvariantCulture, $"steady, {rate:N0} messages/s"), Array.Empty<string>());
            Line("  reached messages/s", static r => r.Steady?.ReachedRate);
            Waits("publish to queryable", "  ", static r => r.Steady?.Queryable);
            Waits("publish to PUBACK", "  ", static r => r.Steady?.Puback);
            Cpu("  CPU s per million", "    ", static r => r.Steady?.Cpu);
        }

        Line("bytes on disk per message", static r => r.BytesPerMessage.Count == 0 ? null : r.BytesPerMessage.Values.Sum());
        foreach (var kind in Largest(rows, static r => r.BytesPerMessage))
            Line($"  {kind}", r => r.BytesPerMessage.TryGetValue(kind, out var bytes) ? bytes : null);
        Line("CPU s per million of the load generator", static r => r.GeneratorCpuPerMillion);
        return table;

        void Line(string label, Func<RoundResult, double?> figure) => table.Add(label, rows.Select(r => Spread.Of(r.Rounds.Select(figure))));

        void Waits(string what, string indent, Func<RoundResult, Latency?> latency)
        {
            Line($"{indent}{what}, p50 ms", r => latency(r)?.P50Ms);
            Line($"{indent}{what}, p99 ms", r => latency(r)?.P99Ms);
            Line($"{indent}{what}, max ms", r => latency(r)?.MaxMs);
        }

        void Cpu(string label, string indent, Func<RoundResult, CpuUse?> cpu)
        {
            Line(label, r => cpu(r)?.PerMillion);
            foreach (var part in Largest(rows, r => cpu(r)?.Parts))
                Line($"{indent}{part}", r => cpu(r) is { } use ? use.Parts.GetValueOrDefault(part) : null);
        }
    }

    private static TextTable Ratio(RowResult[] ours, string name, RowResult[] theirs)
    {
        var table = new TextTable();
        table.Add($"{name} compared with {ours[0].Stack}", ours.Select(static r => r.Load));
        Times("CPU per message, times ours", static r => r.Cpu.PerMillion, inverse: false);
        Times("CPU per message when steady, times ours", static r => r.Steady?.Cpu.PerMillion, inverse: false);
        Times("messages/s to the last PUBACK, ours times theirs", static r => r.MessagesPerSecondToPuback, inverse: true);
        Times("messages/s to the last row queryable, ours times theirs", static r => r.MessagesPerSecondToQueryable, inverse: true);
        return table;

        // Round against round of the same turn: what else the machine did then, it did to both.
        void Times(string label, Func<RoundResult, double?> figure, bool inverse) => table.Add(
            label,
            ours.Zip(theirs).Select(pair => Spread.Of(pair.First.Rounds.Zip(pair.Second.Rounds).Select(
                round => inverse ? figure(round.First) / figure(round.Second) : figure(round.Second) / figure(round.First)))));
    }

    private static IEnumerable<int> Rates(RowResult[] rows) =>
        rows.SelectMany(static r => r.Rounds).Select(static r => r.Steady?.Rate).OfType<int>().Distinct();

    /// <summary>All keys that any round has, those of the greatest sums first.</summary>
    private static IEnumerable<string> Largest(RowResult[] rows, Func<RoundResult, IReadOnlyDictionary<string, double>?> parts) =>
        rows.SelectMany(static r => r.Rounds).SelectMany(r => parts(r) ?? new Dictionary<string, double>())
            .GroupBy(static p => p.Key).OrderByDescending(static g => g.Sum(static p => p.Value)).Select(static g => g.Key);
}
