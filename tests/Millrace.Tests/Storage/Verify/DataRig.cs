using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Storage.Documents;
using Millrace.Storage.Files;
using Millrace.Storage.Log;
using Millrace.Storage.Verify;
using Millrace.Testing.Storage;
using Millrace.Tests.Storage.Documents;
using Millrace.Tests.Storage.Series;

namespace Millrace.Tests.Storage.Verify;

/// <summary>A data directory in memory with something of everything, as its stores write it.</summary>
internal sealed class DataRig : IAsyncDisposable
{
    private const int Partitions = 2;

    private readonly Random _random;
    private readonly CheckpointFile _checkpoints;
    private readonly DocumentsUnderTest _documents;
    private readonly ColdRig _series;
    private int _numbers;
    private int _lakeFiles;

    public DataRig(Random random, MemoryDisk? disk = null)
    {
        _random = random;
        Disk = disk ?? new MemoryDisk();
        Logs = LogStore.OpenUnthreaded(Disk, Some.LogOptions with { MaxBytes = ByteSize.KiB(12) }, Clock, NullLogger.Instance);
        Log = Logs.GetOrCreate("ingress", Partitions);
        DirectoryId.Of(Disk, LogStore.Root);
        _checkpoints = CheckpointFile.Open(Disk, CheckpointFile.Name);
        _documents = new DocumentsUnderTest(Disk);
        _series = new ColdRig(Disk, Clock, TimeSpan.FromHours(60));
        _numbers = _documents.Store.List("n").Count;
    }

    public MemoryDisk Disk { get; }

    public LogStore Logs { get; }

    public RecordLog Log { get; }

    public ManualClock Clock { get; } = new();

    public SortedDictionary<(string, long), double> Rows => _series.Rows();

    /// <summary>Values of the documents, by key.</summary>
    public string[] Documents => [.. _documents.Store.List("n").Select(static document => document.Key)];

    public long CheckpointOf(string flow) => _checkpoints.Load(flow)?.Offset ?? 0;

    public List<Message>[] Messages { get; } = [.. Enumerable.Range(0, Partitions).Select(static _ => new List<Message>())];

    /// <summary>All stores go on a bit.</summary>
    public void GoOn(int steps)
    {
        for (; steps > 0; steps--)
        {
            for (var i = _random.Next(1, 12); i > 0; i--)
            {
                var (to, message) = (_random.Next(Partitions), Some.Message(_random));
                Log.Partitions[to].TryAppend(message.AsRecord(), null);
                Messages[to].Add(message);
            }

            Logs.CommitNow();
            _checkpoints.Save("flow/0", new Checkpoint(Log.Partitions[0].End, new FlowCounts()));
            _documents.CommitNumbers(_numbers++, 1);
            Series();
            AtomicFile.Write(Disk, "windows/flow", Window());
            if (_random.Next(3) == 0) Lake();
        }
    }

    /// <summary>What is wrong, once nobody writes there.</summary>
    public static (List<DiskFault> Faults, IReadOnlyList<VerifiedPart> Parts) Verify(IDisk disk)
    {
        var faults = new List<DiskFault>();
        var parts = new DataVerify(disk, faults.Add).Run(CancellationToken.None);
        return (faults, parts);
    }

    public async ValueTask DisposeAsync()
    {
        await Logs.DisposeAsync();
        await _documents.DisposeAsync();
        _checkpoints.Dispose();
    }

    private void Series()
    {
        _series.Write([.. Enumerable.Range(0, _random.Next(1, 30)).Select(_ => SeriesRig.Speed($"car{_random.Next(6)}", _random.Next(5), Clock.NowNs - (_random.Next(40) * 900_000_000_000L), _random.Next(1, 4)))]);
        if (_random.Next(2) == 0) _series.Move();
        if (_random.Next(4) == 0) _series.Merge(static () => { });
        Clock.Advance(TimeSpan.FromHours(_random.Next(6)));
        _series.Expire();
    }

    private void Lake()
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes($"{{\"n\":{_numbers}}}\n"));
        AtomicFile.Write(Disk, $"lake/raw/rows/2026/06/01/00/flow-0-{_lakeFiles++:D20}.jsonl.gz", bytes.ToArray());
    }

    private byte[] Window()
    {
        var bytes = new byte[4 + _random.Next(50)];
        _random.NextBytes(bytes);
        BitConverter.TryWriteBytes(bytes, Crc32C.Of(bytes.AsSpan(4)));
        return bytes;
    }
}
