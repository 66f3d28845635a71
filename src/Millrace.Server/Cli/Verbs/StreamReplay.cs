using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Verbs;

/// <summary>Carries records out of a stream, page by page; how far it is, a consumer of the stream keeps until it is done.</summary>
internal sealed class StreamReplay(CliContext context, ServerClient server, string stream, StreamReplayTarget target, int? rate)
{
    private const int PageSize = 500;
    private const int BarWidth = 30;

    private readonly string _consumer = $"replay.{target.Name}";
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _done;
    private long _shownAt;

    public async Task RunAsync(string from, string to, int? only, CancellationToken stop)
    {
        var path = StreamConsumerVerb.PathOf(stream, _consumer);
        var partitions = await StreamPages.PartitionsAsync(server, stream, only, stop);
        var known = await PositionsAsync(stop);
        if (known.Count > 0) await context.Error.WriteLineAsync($"Going on where the last replay stopped. To begin anew: millrace stream consumer delete {stream} {_consumer}");

        // All places first: a replay that cannot begin must leave no position behind. And the ends before all: what comes meanwhile is not replayed, which a
        // replay into a rule that feeds the stream relies on.
        if (target.Into is { } into) (await server.GetAsync(StreamVerb.PathOf(into), stop)).Expect();
        var parts = new List<(int Partition, long At, long End)>();
        foreach (var one in partitions)
        {
            var partition = one.Whole("partition");
            var end = await OffsetAsync(partition, to, stop);
            if (!known.TryGetValue(partition, out var at)) at = await OffsetAsync(partition, from, stop);
            parts.Add((partition, at, Math.Max(at, end)));
        }

        foreach (var (partition, at, _) in parts.Where(part => !known.ContainsKey(part.Partition)))
            (await server.AskAsync(HttpMethod.Put, path, new JsonObject { ["from"] = Text(at), ["partition"] = partition }, stop)).Expect();

        var total = parts.Sum(static part => part.End - part.At);
        foreach (var part in parts) await CarryAsync(part.Partition, part.At, part.End, total, stop);
        (await server.AskAsync(HttpMethod.Delete, path, null, stop)).Expect();
        if (context.IsTerminal) await context.Error.WriteLineAsync();
        await context.Out.WriteLineAsync($"{_done} records replayed");
    }

    private async Task CarryAsync(int partition, long from, long end, long total, CancellationToken stop)
    {
        var pages = new StreamPages(server, stream, partition, PageSize) { Position = Text(from) };
        for (var at = from; at < end;)
        {
            var page = await pages.NextAsync(null, null, stop);
            JsonElement[] records = [.. page.Items("records").Where(one => Number(one.Text("sequenceNumber")) < end)];
            if (records.Length == 0) return;
            await target.PutAsync(server, records, stop);
            at = Number(records[^1].Text("sequenceNumber")) + 1;
            var commit = new JsonObject { ["partition"] = partition, ["sequenceNumber"] = Text(at - 1) };
            (await server.AskAsync(HttpMethod.Post, $"{StreamConsumerVerb.PathOf(stream, _consumer)}/commit", commit, stop)).Expect();
            _done += records.Length;
            ShowBar(total);
            if (rate is { } most && TimeSpan.FromSeconds((double)_done / most) - _watch.Elapsed is { Ticks: > 0 } early) await Task.Delay(early, stop);
        }
    }

    private async Task<Dictionary<int, long>> PositionsAsync(CancellationToken stop)
    {
        var answer = (await server.GetAsync($"{StreamVerb.PathOf(stream)}/consumers", stop)).Expect();
        return answer.Items("consumers").Where(one => one.Text("consumer") == _consumer).SelectMany(static one => one.Items("partitions"))
            .ToDictionary(static one => one.Whole("partition"), static one => Number(one.Text("position")));
    }

    /// <summary>The server finds the place, and tells it as the position of an empty page would be.</summary>
    private async Task<long> OffsetAsync(int partition, string position, CancellationToken stop)
    {
        var page = await new StreamPages(server, stream, partition, 1) { Position = position }.NextAsync(null, null, stop);
        return page.Items("records").FirstOrDefault() is { ValueKind: JsonValueKind.Object } first ? Number(first.Text("sequenceNumber")) : Number(page.Text("next")[3..]);
    }

    private void ShowBar(long total)
    {
        if (!context.IsTerminal || (_watch.ElapsedMilliseconds - _shownAt < 200 && _done < total)) return;
        _shownAt = _watch.ElapsedMilliseconds;
        var full = total == 0 ? BarWidth : (int)Math.Min(BarWidth, _done * BarWidth / total);
        var speed = _done / Math.Max(0.001, _watch.Elapsed.TotalSeconds);
        context.Error.Write($"\r[{new string('#', full)}{new string('.', BarWidth - full)}] {_done} of {total} records, {speed:0}/s ");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new CliException(Exit.Failure, "the server's answer has no sequence number");
}
