using System.IO.Compression;
using System.Text;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Storage.Lake;
using Millrace.Testing;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Lake;

/// <summary>What a runner does with a lake sink: frames in, checkpoints out, and over again from the last checkpoint.</summary>
internal sealed class LakeFlow(LakeOptions options, Func<TimeProvider, ISink> create, Func<IReadOnlyDictionary<string, byte[]>> files) : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2021, 3, 6, 7, 30, 0, TimeSpan.Zero);

    private readonly Outcomes _outcomes = new();
    private readonly List<(TimeSpan At, string[] Payloads)> _frames = [];
    private ISink? _sink;

    public LakeFlow(LakeDisk disk, LakeOptions options)
        : this(options, clock => new LakeSink(disk, options, "cars", 0, clock), () => disk.Files)
    {
    }

    public LakeFlow(MemoryBucket bucket, LakeOptions options)
        : this(options, clock => new LakeSink(bucket, options, "cars", 0, clock), () => bucket.Keys.ToDictionary(static key => key, key => bucket[key]))
    {
    }

    public Millrace.Testing.ManualClock Clock { get; } = new();

    /// <summary>What a real runner would have kept: the newest checkpoint that the sink returned.</summary>
    public Checkpoint Kept { get; private set; }

    public int Frames => _frames.Count;

    public IReadOnlyList<string> Names => [.. files().Keys.Order(StringComparer.Ordinal)];

    /// <summary>One frame of the log, arrived so long after the start.</summary>
    public void Log(TimeSpan at, params string[] payloads) => _frames.Add((at, payloads));

    /// <summary>The same for texts beyond Latin-1.</summary>
    public void LogUtf8(TimeSpan at, params string[] payloads) => Log(at, [.. payloads.Select(static text => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)))]);

    public async Task OpenAsync()
    {
        if (_sink is not null) await _sink.DisposeAsync();
        _sink = create(Clock);
        Assert.Null(await _sink.OpenAsync(default));
    }

    /// <summary>Reopens without a new sink, as after a fault.</summary>
    public async Task ReopenAsync() => await _sink!.OpenAsync(default);

    public async Task WriteAsync(int frame) => Assert.Empty(await WriteAllAsync(frame));

    /// <returns>What was refused.</returns>
    public async Task<IReadOnlyList<Refusal>> WriteAllAsync(int frame)
    {
        using var batch = new RecordBatch();
        var offset = OffsetOf(frame);
        foreach (var payload in _frames[frame].Payloads)
        {
            var ns = (Start - DateTimeOffset.UnixEpoch + _frames[frame].At).Ticks * 100;
            batch.Add(new Contracts.Records.Record { Topic = "t"u8, Payload = Encoding.Latin1.GetBytes(payload), Offset = offset++, ArrivalNs = ns });
        }

        _outcomes.Clear();
        await _sink!.WriteAsync(batch, At(frame), _outcomes, default);
        return _outcomes.Refusals;
    }

    /// <param name="frame">The first that was not written.</param>
    public async Task<Checkpoint?> CommitAsync(int frame)
    {
        var durable = await _sink!.CommitAsync(At(frame), default);
        if (durable is not null)
        {
            Assert.True(durable.Value.Offset >= Kept.Offset);
            Kept = durable.Value;
        }

        return durable;
    }

    /// <summary>All frames from the kept checkpoint on, with a commit after each, and by chance a long wait before it.</summary>
    public async Task RunAsync(Random? chance = null)
    {
        for (var frame = FrameAt(Kept.Offset); frame < _frames.Count; frame++)
        {
            await WriteAsync(frame);
            if (chance?.Next(3) == 0) Clock.Advance(options.MaxAge);
            await CommitAsync(frame + 1);
        }
    }

    public async Task IdleAsync()
    {
        Clock.Advance(options.MaxAge);
        await CommitAsync(_frames.Count);
    }

    /// <summary>The flow goes on from an earlier frame, as where another of its sinks is behind this one.</summary>
    public async Task RunFromAsync(int frame)
    {
        Kept = At(frame);
        await OpenAsync();
        await RunAsync();
        await IdleAsync();
    }

    public int FrameAt(long offset)
    {
        for (var frame = 0; frame < _frames.Count; frame++)
            if (OffsetOf(frame) == offset) return frame;
        Assert.Equal(OffsetOf(_frames.Count), offset);
        return _frames.Count;
    }

    public string[] Lines(string path)
    {
        using var unzipped = new GZipStream(new MemoryStream(files()[path]), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped, Encoding.Latin1);
        var text = reader.ReadToEnd();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text[..^1].Split('\n');
    }

    /// <summary>Of all files, in the order of the first record of each, wherever it is.</summary>
    public string[] AllLines() => [.. Names.OrderBy(static name => name[(name.LastIndexOf('/') + 1)..], StringComparer.Ordinal).SelectMany(Lines)];

    public string[] AllPayloads() => [.. _frames.SelectMany(static frame => frame.Payloads)];

    public ValueTask DisposeAsync() => _sink?.DisposeAsync() ?? default;

    private Checkpoint At(int frame) => new(OffsetOf(frame), new FlowCounts { Examined = OffsetOf(frame) });

    private long OffsetOf(int frame) => _frames.Take(frame).Sum(static f => (long)f.Payloads.Length);
}
