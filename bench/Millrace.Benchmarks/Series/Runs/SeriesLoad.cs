using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Engines;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>All rows of a shape into one engine, over two connections, while they are made.</summary>
internal sealed class SeriesLoad(IEngine engine, string title, DataShape shape)
{
    private const int Connections = 2;
    private const int Waiting = 2; // batches that are made ahead

    private readonly TagSets _tagSets = new(shape);

    public async Task<LoadResult> RunAsync(CancellationToken stop)
    {
        await engine.CreateTablesAsync(stop);
        var source = new RowSource(shape, _tagSets);
        var cpu = ProcessTree.CpuSecondsOf(engine.Process.Id);
        var since = Stopwatch.GetTimestamp();
        await ProgressDisplay.ShowAsync($"{title}: loading", shape.MostRows, progress => SendAsync(source, progress, stop));
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        var loaded = ProcessTree.CpuSecondsOf(engine.Process.Id);
        var rows = source.Rows.Values.Sum();
        ProgressDisplay.Note(string.Create(CultureInfo.InvariantCulture, $"{title}: {rows:N0} rows in {seconds:N1} s, {rows / seconds:N0} rows/s; settling"));

        await engine.SettleAsync(_tagSets, [.. source.Seen], stop);
        await CheckAsync(source, stop);
        var sizes = await engine.SizesAsync(stop);
        return new LoadResult
        {
            Version = await engine.VersionAsync(stop),
            Rows = rows,
            Points = source.Points,
            Seconds = seconds,
            CpuSeconds = loaded - cpu,
            SettledCpuSeconds = ProcessTree.CpuSecondsOf(engine.Process.Id) - cpu,
            Sizes = sizes,
            TableBytes = sizes.Where(s => engine.IsTable(s.Key)).Sum(static s => s.Value),
        };
    }

    private async Task<bool> SendAsync(RowSource source, Action<long> progress, CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var batches = Channel.CreateBounded<RowBatch>(Waiting);
        var sent = 0L;
        var senders = Enumerable.Range(0, Connections).Select(_ => Task.Run(() => SendAsync(batches.Reader, n => progress(Interlocked.Add(ref sent, n)), failed), stop)).ToArray();
        try
        {
            foreach (var batch in source.Batches(engine.BatchRows)) await batches.Writer.WriteAsync(batch, failed.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // A sender has failed, and says below why.
        }

        batches.Writer.Complete();
        await Task.WhenAll(senders);
        return true;
    }

    private async Task SendAsync(ChannelReader<RowBatch> batches, Action<int> sent, CancellationTokenSource failed)
    {
        try
        {
            await using var sender = engine.OpenSender(_tagSets);
            await foreach (var batch in batches.ReadAllAsync(failed.Token))
            {
                using (batch) await sender.SendAsync(batch, failed.Token);
                sent(batch.Count);
            }
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private async Task CheckAsync(RowSource source, CancellationToken stop)
    {
        foreach (var (table, expected) in source.Firsts)
        {
            var count = await engine.CountAsync(table, stop);
            if (count != expected)
                throw new FaultException(Fault.Corrupt, string.Create(CultureInfo.InvariantCulture,
                    $"{title}: {table.Name} has {count:N0} values of {table.Columns[0].Name}, and {expected:N0} were sent"));
        }
    }
}
