using Microsoft.AspNetCore.Http.Features;
using Millrace.Contracts;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Server.Streams;
using Millrace.Storage.Log;

namespace Millrace.Server.Api;

/// <summary>Records of streams: in and out.</summary>
internal static class StreamRecordsApi
{
    /// <summary>In base64, and with the JSON around them.</summary>
    private const long LargestBody = 2 * StreamPut.MostBytes;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public static void MapStreamRecords(this RouteGroupBuilder group, StreamHost streams, ConsumerStore consumers, TimeProvider clock)
    {
        group.MapPost("/{name}/records", async Task<IResult> (string name, HttpContext context) =>
            {
                context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = LargestBody;
                var asked = await context.Request.ReadFromJsonAsync(Answers.Default.PutRecordsRequest, context.RequestAborted);
                if (streams.Find(name) is not { } stream) return Refusals.OrNotFound(false, $"stream {name}");
                if (asked?.Records is not { Count: > 0 and <= StreamPut.MostRecords } records) return Refusals.Refused($"records must be 1 to {StreamPut.MostRecords} records");
                return Results.Ok(await PutAsync(stream, records, context.RequestAborted));
            })
            .Accepts<PutRecordsRequest>("application/json").Produces<PutRecordsAnswer>().Produces<ErrorAnswer>(400).Produces<ErrorAnswer>(404)
            .WithSummary("Puts records, each by itself; answered when those that were not refused are on disk");
        group.MapGet("/{name}/partitions/{partition:int}/records", async Task<IResult> (
                string name, int partition, string? from, string? consumer, int? limit, long? maxBytes, string? wait, CancellationToken stop) =>
            {
                if (streams.Find(name) is not { } stream) return Refusals.OrNotFound(false, $"stream {name}");
                var asked = wait is null ? TimeSpan.Zero
                    : Durations.TryParse(wait, out var span) ? span
                    : throw new FaultException(Fault.Refused, $"wait {Durations.Rule}");
                var of = PartitionOf(stream.Log, partition);
                var offset = OffsetOf(stream, of, from, consumer, consumers, clock);
                await WaitAsync(of, offset, asked < LongestWait ? asked : LongestWait, clock, stop);
                return Read(of, offset, limit, maxBytes, clock);
            })
            .Produces<StreamRecordsAnswer>().Produces<ErrorAnswer>(400).Produces<ErrorAnswer>(404).Produces<ErrorAnswer>(500)
            .WithSummary("Records of a partition from a position on (oldest, latest, at:N, after:N, a time), or where a consumer stands; waits for the first as long as asked");
    }

    /// <exception cref="FaultException">Refused: there is none of this number.</exception>
    public static LogPartition PartitionOf(RecordLog log, int partition) => partition >= 0 && partition < log.Partitions.Count
        ? log.Partitions[partition]
        : throw new FaultException(Fault.Refused, $"{log.Name} has the partitions 0 to {log.Partitions.Count - 1}, and no {partition}");

    private static async Task<PutRecordsAnswer> PutAsync(StreamView stream, IReadOnlyList<PutRecordRequest> asked, CancellationToken stop)
    {
        var problems = new string?[asked.Count];
        var records = new List<StreamPutRecord>();
        var total = 0L;
        for (var i = 0; i < asked.Count; i++)
        {
            if (RecordOf(asked[i], out problems[i]) is not { } record) continue;
            total += record.Data.Length + record.Key.Length;
            records.Add(record);
        }

        if (total > StreamPut.MostBytes) throw new FaultException(Fault.Refused, $"the records have {total} bytes together; {StreamPut.MostBytes} may be put at once");
        var results = await StreamPut.RunAsync(stream, records, stop);
        var next = 0;
        PutRecordAnswer[] answers =
        [
            .. problems.Select(problem => problem is not null ? new PutRecordAnswer(null, null, problem)
                : results[next++] is { Problem: { } refused } ? new PutRecordAnswer(null, null, refused)
                : new PutRecordAnswer(results[next - 1].Partition, StreamsApi.Text(results[next - 1].Offset), null)),
        ];
        return new PutRecordsAnswer(answers.Count(static one => one.Error is not null), answers);
    }

    private static StreamPutRecord? RecordOf(PutRecordRequest asked, out string? problem)
    {
        UInt128? hash = null;
        ReadOnlyMemory<byte> data = default;
        problem = asked.PartitionKey is null ? "partitionKey is missing"
            : (asked.Data is null) == (asked.Text is null) ? "give data (base64) or text, one of them"
            : asked.Data is not null && !TryDecode(asked.Data, out data) ? "data is not base64; give it as text, or encode it"
            : asked.ExplicitHashKey is { } explicitly && !TryHash(explicitly, out hash) ? "explicitHashKey must be a number from 0 to 2^128 - 1"
            : null;
        if (problem is not null) return null;
        return new StreamPutRecord(asked.PartitionKey!, asked.Text is { } text ? System.Text.Encoding.UTF8.GetBytes(text) : data, hash, asked.Topic);
    }

    private static bool TryHash(string text, out UInt128? hash)
    {
        hash = HashRanges.TryParse(text, out var number) ? number : null;
        return hash is not null;
    }

    private static bool TryDecode(string text, out ReadOnlyMemory<byte> data)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        var isOne = Convert.TryFromBase64String(text, bytes, out var length);
        data = bytes.AsMemory(0, length);
        return isOne;
    }

    private static long OffsetOf(StreamView stream, LogPartition partition, string? from, string? consumer, ConsumerStore consumers, TimeProvider clock)
    {
        if (consumer is null) return StreamPosition.Parse(from ?? "oldest", clock.GetUtcNow()).OffsetIn(partition);
        if (consumers.PositionOf(stream.Options.Name, consumer, partition.Index) is { } position) return position;
        return from is null
            ? throw new FaultException(Fault.Refused, $"consumer {consumer} has no position in partition {partition.Index} yet; say where it begins with from")
            : StreamPosition.Parse(from, clock.GetUtcNow()).OffsetIn(partition);
    }

    private static async Task WaitAsync(LogPartition partition, long offset, TimeSpan wait, TimeProvider clock, CancellationToken stop)
    {
        if (wait <= TimeSpan.Zero || partition.End > offset) return;
        using var patience = new CancellationTokenSource(wait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            await partition.WaitForRecordsAsync(offset, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nothing came, which is an answer, too.
        }
    }

    private static IResult Read(LogPartition partition, long offset, int? limit, long? maxBytes, TimeProvider clock)
    {
        if (limit is < 1 or > StreamPage.MostRecords) return Refusals.Refused($"limit must be from 1 to {StreamPage.MostRecords}");
        if (maxBytes is < 1 or > StreamPage.MostBytes) return Refusals.Refused($"maxBytes must be from 1 to {StreamPage.MostBytes}");
        try
        {
            var page = StreamPage.Read(partition, offset, limit ?? StreamPage.MostRecords, maxBytes ?? StreamPage.MostBytes, clock.GetUtcNow());
            return Results.Ok(new StreamRecordsAnswer([.. page.Records.Select(AnswerOf)], $"at:{StreamsApi.Text(page.Next)}", page.Missing, page.MillisBehind));
        }
        catch (FaultException bad) when (bad.Fault == Fault.Corrupt)
        {
            return Results.Json(new ErrorAnswer(new ApiError(bad.Message, Kind: "corrupt")), Answers.Default.ErrorAnswer, statusCode: 500);
        }
    }

    private static StreamRecordAnswer AnswerOf(StreamRecord record)
    {
        var (data, encoding) = PayloadText.Of(record.Data);
        return new StreamRecordAnswer(StreamsApi.Text(record.Offset), record.Key, record.Arrival, record.Topic, data, encoding);
    }
}
