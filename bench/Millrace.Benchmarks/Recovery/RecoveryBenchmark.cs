using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Storage.Files;
using Millrace.Storage.Log;

namespace Millrace.Benchmarks.Recovery;

/// <summary>How long a log takes to open after a crash, from the disk and from memory, and how much of it is read for that.</summary>
internal static class RecoveryBenchmark
{
    private const string Name = "ingress";
    private const double MostSecondsPerTenGigabytes = 5;

    private const string Help =
        """
        usage: ./dev bench recovery [options]

        Writes a log, leaves a write at its end unfinished, as a crash does, and opens it: first from the disk, with nothing of it in memory, then from memory.
        Ends with code 1 where it takes more than 5 s for 10 GB.

          --gigabytes N      of log, default 10
          --partitions N     it has, default 4
          --segment-size N   MiB, default 128
          --record-size N    bytes of payload, default 1,000
          --data DIR         where it is written, default the directory for temporary files

        example: ./dev bench recovery --gigabytes 2
        """;

    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(Help);
            return ExitCode.Success;
        }

        var given = new Arguments(args, [], ["--gigabytes", "--partitions", "--segment-size", "--record-size", "--data"]);
        var bytes = given.Integer("--gigabytes", 10, 1, 1000) * 1_000_000_000L;
        var partitions = given.Integer("--partitions", 4, 1, 64);
        var options = new LogOptions { SegmentSize = ByteSize.MiB(given.Integer("--segment-size", 128, 1, 64 * 1024)) };
        var record = given.Integer("--record-size", 1000, 1, 1_000_000);
        foreach (var problem in given.Problems) Console.Error.WriteLine(problem);
        if (given.Problems.Count > 0) return ExitCode.Usage;

        using var scratch = new ScratchDirectory(given.Text("--data") ?? Path.GetTempPath());
        Console.Error.WriteLine($"writing {bytes / 1e9:0} GB to {scratch.Path}");
        var records = await WriteAsync(scratch.Path, options, partitions, record, bytes, stop);
        Tear(scratch.Path);

        PageCache.Forget(scratch.Path);
        var cold = await OpenAsync(scratch.Path, options, partitions);
        Tear(scratch.Path);
        var warm = await OpenAsync(scratch.Path, options, partitions);
        if (cold.Records != records || warm.Records != records) throw new FaultException(Fault.Corrupt, $"{records} records were written, and {cold.Records} are there");

        var table = new TextTable();
        var files = Directory.GetFiles(scratch.Path, "*.log", SearchOption.AllDirectories);
        var onDisk = files.Sum(static file => new FileInfo(file).Length);
        table.Add("", ["from the disk", "from memory"]);
        table.Add("open, s", [Number(cold.Seconds), Number(warm.Seconds)]);
        table.Add("for 10 GB, s", [Number(cold.Seconds * 1e10 / onDisk), Number(warm.Seconds * 1e10 / onDisk)]);
        table.Add("read, MB", [Number(cold.Read / 1e6), Number(warm.Read / 1e6)]);
        table.Add("first record read, ms", [Number(cold.FirstMs), Number(warm.FirstMs)]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{onDisk / 1e9:0.00} GB, {records:N0} records of {record} bytes, {partitions} partitions, {files.Length} files of up to {options.SegmentSize}"));
        Console.WriteLine(table);
        return cold.Seconds * 1e10 / onDisk <= MostSecondsPerTenGigabytes ? ExitCode.Success : ExitCode.Failed;
    }

    private static async Task<long> WriteAsync(string directory, LogOptions options, int partitions, int size, long bytes, CancellationToken stop)
    {
        await using var logs = LogStore.Open(new FileDisk(directory), options, TimeProvider.System, NullLogger.Instance);
        var log = logs.GetOrCreate(Name, partitions);
        var payload = new byte[size];
        Random.Shared.NextBytes(payload);
        var (topic, written) = (Encoding.ASCII.GetBytes("plant/3/temp"), 0L);
        for (var count = 0L; written < bytes; count++, written += size + topic.Length)
        {
            var to = log.Partitions[(int)(count % partitions)];
            BitConverter.TryWriteBytes(payload, count);
            while (to.TryAppend(new Record { Topic = topic, Payload = payload, Offset = -1 }, null) == 0) await to.WaitForRoomAsync(stop);
            if (count % 10_000 == 0) stop.ThrowIfCancellationRequested();
        }

        await logs.DisposeAsync();
        return log.Partitions.Sum(static partition => partition.End);
    }

    /// <summary>The newest file of each partition ends within a write.</summary>
    private static void Tear(string directory)
    {
        foreach (var partition in Directory.GetDirectories(Path.Combine(directory, LogStore.Root, Name)))
        {
            var newest = Directory.GetFiles(partition, "*.log").Order(StringComparer.Ordinal).Last();
            using var file = new FileStream(newest, FileMode.Append);
            file.Write(new byte[Random.Shared.Next(1, 100_000)]);
            file.Flush(flushToDisk: true);
        }
    }

    private static async Task<Opened> OpenAsync(string directory, LogOptions options, int partitions)
    {
        var read = 0L;
        var begun = Stopwatch.GetTimestamp();
        await using var logs = LogStore.Open(new MeteredDisk(new FileDisk(directory), bytes => Interlocked.Add(ref read, bytes)), options, TimeProvider.System, NullLogger.Instance);
        var log = logs.GetOrCreate(Name, partitions);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var forOpening = Interlocked.Read(ref read);
        begun = Stopwatch.GetTimestamp();
        using var batch = new RecordBatch();
        log.Partitions[0].TryRead(log.Partitions[0].Start, batch);
        return new Opened(seconds, forOpening, Stopwatch.GetElapsedTime(begun).TotalMilliseconds, log.Partitions.Sum(static partition => partition.End));
    }

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);

    /// <summary>How it went.</summary>
    private sealed record Opened(double Seconds, long Read, double FirstMs, long Records);
}
