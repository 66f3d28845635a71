using System.Globalization;
using Millrace.Contracts;
using Millrace.Server.Pipeline;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Server.Streams;
using Millrace.Storage.Log;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/streams</c>: streams as such.</summary>
internal static class StreamsApi
{
    public static void MapStreams(
        this IEndpointRouteBuilder routes, StreamHost streams, ConsumerStore consumers, PipelineHost pipeline, LogStore logs, TimeProvider clock)
    {
        var group = routes.MapGroup("/api/v1/streams").RefuseInWords().WithTags("streams");
        group.MapGet("", () => new StreamsAnswer([.. streams.List().Select(stream => AnswerOf(stream, consumers))])).WithSummary("All streams");
        group.MapPost("", async (StreamRequest asked) =>
                await pipeline.ChangeStreamsAsync(async _ => AnswerOf(await streams.CreateAsync(With(new StreamOptions(asked.Name ?? ""), asked)), consumers)))
            .Produces<StreamAnswer>().Produces<ErrorAnswer>(400).WithSummary("Makes a stream");
        group.MapGet("/{name}", (string name) => Refusals.OrNotFound(streams.Find(name) is { } stream ? DetailOf(stream, consumers, clock) : null, $"stream {name}"))
            .Produces<StreamDetailAnswer>().Produces<ErrorAnswer>(404).WithSummary("One stream with its partitions, its consumers, and what is damaged");
        group.MapPatch("/{name}", async (string name, StreamRequest asked) => streams.Find(name) is null
                ? Refusals.OrNotFound(false, $"stream {name}")
                : Results.Ok(await pipeline.ChangeStreamsAsync(async _ => AnswerOf(await streams.AlterAsync(name, stream => With(stream, asked)), consumers))))
            .Produces<StreamAnswer>().Produces<ErrorAnswer>(400).Produces<ErrorAnswer>(404)
            .WithSummary("Changes how long records are kept, and how large they may be");
        group.MapDelete("/{name}", async (string name, bool? force) =>
            {
                if (streams.Find(name) is null) return Refusals.OrNotFound(false, $"stream {name}");
                return await pipeline.ChangeStreamsAsync(async flows =>
                {
                    await streams.DeleteAsync(name, flows, force ?? false);
                    return Results.NoContent();
                });
            })
            .Produces(204).Produces<ErrorAnswer>(400).Produces<ErrorAnswer>(404)
            .WithSummary("Deletes a stream with its records; refused while a flow reads or writes it, unless force=true");
        group.MapPost("/{name}/partitions/{partition:int}/skip", async (string name, int partition, SkipRequest asked) =>
            {
                var log = logs.Find(name) ?? throw new FaultException(Fault.Refused, $"there is no log {name}");
                var skipped = StreamRecordsApi.PartitionOf(log, partition).SkipDamage(OffsetOf(asked.SequenceNumber));
                await pipeline.RestartFailedAsync();
                return AnswerOf(skipped);
            })
            .Produces<DamageAnswer>().Produces<ErrorAnswer>(400)
            .WithSummary("Has readers pass over a damaged place of a stream, or of the log ingress, and starts failed flows again");
        group.MapStreamRecords(streams, consumers, clock);
        group.MapConsumers(streams, consumers, clock);
    }

    /// <exception cref="FaultException">Refused: it is none.</exception>
    public static long OffsetOf(string sequenceNumber) =>
        long.TryParse(sequenceNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset < long.MaxValue
            ? offset
            : throw new FaultException(Fault.Refused, $"sequenceNumber must be one that a record of this partition has, not {Quote.Text(sequenceNumber)}");

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(TimeSpan span) =>
        span.Ticks % TimeSpan.TicksPerDay == 0 ? $"{Text((long)span.TotalDays)}d"
        : span.Ticks % TimeSpan.TicksPerHour == 0 ? $"{Text((long)span.TotalHours)}h"
        : span.Ticks % TimeSpan.TicksPerMinute == 0 ? $"{Text((long)span.TotalMinutes)}m"
        : $"{Text((long)span.TotalSeconds)}s";

    private static StreamOptions With(StreamOptions stream, StreamRequest asked)
    {
        if (asked.Partitions is { } partitions) stream = stream with { Partitions = partitions };
        if (asked.Retention is { } retention)
            stream = stream with { Retention = Durations.TryParse(retention, out var span) ? span : throw new FaultException(Fault.Refused, $"retention {Durations.Rule}") };
        if (asked.MaxBytes is { } most) stream = stream with { MaxBytes = most == "none" ? null : SizeOf("maxBytes", most) };
        if (asked.MaxRecordSize is { } record) stream = stream with { MaxRecordSize = SizeOf("maxRecordSize", record) };
        return stream;
    }

    private static ByteSize SizeOf(string where, string text) =>
        ByteSize.TryParse(text, out var size) ? size : throw new FaultException(Fault.Refused, $"{where} must be a size such as 64KiB or 5MB");

    private static StreamAnswer AnswerOf(StreamView stream, ConsumerStore consumers) => new(
        stream.Options.Name,
        stream.IsOfPipeline ? "pipeline" : "api",
        stream.Options.Partitions,
        Text(stream.Options.Retention),
        stream.Options.MaxBytes?.Bytes,
        stream.Options.MaxRecordSize.Bytes,
        stream.Log.Partitions.Sum(static one => one.End - one.Start),
        stream.Log.Partitions.Sum(static one => one.Stats.BytesOnDisk),
        consumers.Of(stream.Options.Name).Count);

    private static StreamDetailAnswer DetailOf(StreamView stream, ConsumerStore consumers, TimeProvider clock) => new(
        AnswerOf(stream, consumers),
        [.. stream.Log.Partitions.Select(one => AnswerOf(stream.Log, one))],
        ConsumersApi.AnswersOf(stream, consumers, clock),
        [.. stream.Log.Partitions.SelectMany(static one => one.Damages).Select(AnswerOf)]);

    private static PartitionAnswer AnswerOf(RecordLog log, LogPartition partition)
    {
        var (start, end) = (partition.Start, partition.End);
        return new PartitionAnswer(
            partition.Index,
            $"shardId-{partition.Index:D12}",
            log.Ranges.StartOf(partition.Index).ToString(CultureInfo.InvariantCulture),
            log.Ranges.EndOf(partition.Index).ToString(CultureInfo.InvariantCulture),
            end > start ? Text(start) : null,
            end > start ? Text(end - 1) : null,
            end - start,
            partition.Stats.BytesOnDisk);
    }

    private static DamageAnswer AnswerOf(LogDamage damage) =>
        new(damage.Partition, damage.Path, damage.Position, Text(damage.From), Text(damage.To), damage.Message, damage.Seen, damage.Skipped);
}
