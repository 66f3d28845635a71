using System.Globalization;
using System.Text;
using Millrace.Benchmarks.Series.Engines;

namespace Millrace.Benchmarks.Reports;

/// <summary>The report for people: how rows came in, a line for each question, and what is expected.</summary>
internal static class SeriesText
{
    private const string Scale = "0         1         2";

    public static string Write(SeriesReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"series: {report.Shape}");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"on {report.Machine.Processors} processors, {report.Machine.FileSystem}, load average before {report.Machine.LoadAverageBefore}; at least {report.Rounds} rounds in turns");
        if (report.Engines.Count > 0) text.AppendLine().Append(Loads(report));
        if (report.Questions.Count > 0) text.AppendLine().Append(Questions(report));
        if (report.Growth is { } growth) text.AppendLine().Append(Growth(growth));
        return text.AppendLine().Append(Verdict(report)).ToString().TrimEnd();
    }

    private static TextTable Loads(SeriesReport report)
    {
        var table = new TextTable();
        var rows = report.Engines[0];
        table.Add(Text($"{rows.Rows:N0} rows, {rows.Points:N0} data points"), report.Engines.Select(static e => e.Title));
        Line("loaded, rows/s", static e => Text($"{e.RowsPerSecond:N0}"));
        Line("CPU s per million rows", static e => Text($"{e.CpuPerMillionRows:N1}"));
        Line("  and merging, statistics", static e => Text($"{e.SettledCpuPerMillionRows:N1}"));
        Line("bytes on disk per data point", static e => Text($"{e.BytesPerPoint:N2}"));
        foreach (var kind in report.Engines.SelectMany(static e => e.Sizes.Keys).Distinct())
            Line($"  MB {kind}", e => e.Sizes.TryGetValue(kind, out var bytes) ? Text($"{bytes / 1e6:N1}") : "");
        return table;

        void Line(string label, Func<SeriesEngineResult, string> figure) => table.Add(label, report.Engines.Select(figure));
    }

    private static TextTable Questions(SeriesReport report)
    {
        var table = new TextTable();
        var ours = report.Engines.FirstOrDefault(static e => e.Name == EngineKinds.Ours);
        var others = report.Engines.Where(static e => e.Name != EngineKinds.Ours).ToArray();
        table.Add("", Heading(static e => [e.Title, "", ""], static _ => [""], "ours :"));
        table.Add("ms", Heading(static _ => ["first", "p95", "median"], static _ => ["x ours"], "quickest other"));
        foreach (var question in report.Questions)
        {
            if (question.Problem is not null)
            {
                table.Add(question.Name, ["–"]);
                continue;
            }

            var cells = new List<string>();
            if (ours is not null) cells.AddRange(Times(question, ours.Name));
            foreach (var other in others)
            {
                cells.AddRange(Times(question, other.Name));
                cells.Add(question.TimesOurs(EngineKinds.Ours, other.Name) is { } ratio ? Ratio(ratio) : "");
            }

            var quickest = others.Select(o => question.TimesOurs(EngineKinds.Ours, o.Name)).Min();
            cells.Add(quickest is { } times ? RatioBar.Of(1 / times).PadRight(Scale.Length) : "");
            table.Add(question.Name, cells);
        }

        if (ours is not null && others.Length > 0)
            table.Add("geometric mean", Heading(static _ => ["", "", ""], o => [SeriesTargets.MeanTimes(report, o.Name) is { } mean ? Ratio(mean) : ""], ""));
        return table;

        IEnumerable<string> Heading(Func<SeriesEngineResult, string[]> all, Func<SeriesEngineResult, string[]> besides, string last) =>
            [.. ours is null ? [] : all(ours), .. others.SelectMany(o => all(o).Concat(besides(o))), ours is null ? "" : last];
    }

    private static IEnumerable<string> Times(SeriesQuestionResult question, string engine) =>
        question.Times.TryGetValue(engine, out var times) ? [Ms(times.FirstMs), Ms(times.P95Ms), Ms(times.MedianMs)] : ["", "", "–"];

    private static TextTable Growth(GrowthResult growth)
    {
        var table = new TextTable();
        table.Add("the last hour, median ms", [Text($"{growth.ShortRows:N0} rows"), Text($"{growth.LongRows:N0} rows"), "ratio"]);
        foreach (var question in growth.Questions) table.Add(question.Name, [Ms(question.ShortMs), Ms(question.LongMs), Text($"{question.Ratio:N2}")]);
        return table;
    }

    private static string Verdict(SeriesReport report)
    {
        var text = new StringBuilder();
        var agreed = report.Questions.Where(static q => q.Times.Count > 1).ToArray();
        if (agreed.Length > 0) text.AppendLine(CultureInfo.InvariantCulture, $"All engines gave the same answers to {agreed.Length} of {report.Questions.Count} queries, before anything was timed.");
        foreach (var question in report.Questions)
        {
            foreach (var (engine, why) in question.LeftOut) text.AppendLine(CultureInfo.InvariantCulture, $"Left out: {question.Name} for {engine}: {why}.");
            if (question.Problem is { } problem) text.AppendLine(CultureInfo.InvariantCulture, $"FAILED: {problem}");
        }

        foreach (var target in report.Targets) text.AppendLine(CultureInfo.InvariantCulture, $"{(target.IsMet ? "ok    " : "MISSED")} {target.What}: {target.Found}");
        return text.ToString();
    }

    private static string Ratio(double times) => times < 1 ? Text($"✗ {times:N2}") : times < 10 ? Text($"{times:N2}") : Text($"{times:N0}");

    private static string Ms(double ms) => ms < 10 ? Text($"{ms:N2}") : ms < 100 ? Text($"{ms:N1}") : Text($"{ms:N0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
