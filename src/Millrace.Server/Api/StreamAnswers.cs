namespace Millrace.Server.Api;

/// <summary>All streams, in order of their names.</summary>
internal sealed record StreamsAnswer(IReadOnlyList<StreamAnswer> Streams);

/// <summary>A stream.</summary>
/// <param name="Name">Of the stream.</param>
/// <param name="From">What it is changed by: <c>api</c>, or <c>pipeline</c>.</param>
/// <param name="Partitions">Shards.</param>
/// <param name="Retention">How long records are kept.</param>
/// <param name="MaxBytes">Of each partition; null: only time counts.</param>
/// <param name="MaxRecordSize">Payload and key together.</param>
/// <param name="Records">That are kept.</param>
/// <param name="Bytes">On disk.</param>
/// <param name="Consumers">Named ones.</param>
internal sealed record StreamAnswer(
    string Name, string From, int Partitions, string Retention, long? MaxBytes, long MaxRecordSize, long Records, long Bytes, int Consumers);

/// <summary>A stream with all there is to know of it.</summary>
internal sealed record StreamDetailAnswer(
    StreamAnswer Stream, IReadOnlyList<PartitionAnswer> Partitions, IReadOnlyList<ConsumerAnswer> Consumers, IReadOnlyList<DamageAnswer> Damages);

/// <summary>A partition of a stream.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="ShardId">As Kinesis names it.</param>
/// <param name="StartingHashKey">The first hash key it owns.</param>
/// <param name="EndingHashKey">The last one.</param>
/// <param name="Oldest">The oldest sequence number that is kept; null: there is none.</param>
/// <param name="Newest">The newest; null: there is none.</param>
/// <param name="Records">That are kept.</param>
/// <param name="Bytes">On disk.</param>
internal sealed record PartitionAnswer(
    int Partition, string ShardId, string StartingHashKey, string EndingHashKey, string? Oldest, string? Newest, long Records, long Bytes);

/// <summary>The consumers of a stream.</summary>
internal sealed record ConsumersAnswer(IReadOnlyList<ConsumerAnswer> Consumers);

/// <summary>A named consumer; the sums are of all partitions.</summary>
internal sealed record ConsumerAnswer(
    string Consumer, long LagRecords, long LagBytes, long MillisBehind, DateTimeOffset? LastProgress, IReadOnlyList<ConsumerPositionAnswer> Partitions);

/// <summary>Where a consumer is in one partition.</summary>
/// <param name="Partition">Of the stream.</param>
/// <param name="Position">The next sequence number.</param>
/// <param name="LagRecords">That it has not done.</param>
/// <param name="LagBytes">About what they take on disk.</param>
/// <param name="MillisBehind">How long the first of them has been there.</param>
/// <param name="LastProgress">When it was set last.</param>
internal sealed record ConsumerPositionAnswer(int Partition, string Position, long LagRecords, long LagBytes, long MillisBehind, DateTimeOffset? LastProgress);

/// <summary>Records that cannot be read.</summary>
/// <param name="Partition">Log and partition.</param>
/// <param name="File">In the data directory.</param>
/// <param name="Byte">Where it begins.</param>
/// <param name="From">The first sequence number that is lost.</param>
/// <param name="To">The first behind it that can be read.</param>
/// <param name="Message">What was found.</param>
/// <param name="Seen">When.</param>
/// <param name="Skipped">Whether readers pass over it, as an operator asked for.</param>
internal sealed record DamageAnswer(string Partition, string File, long Byte, string From, string To, string Message, DateTimeOffset Seen, bool Skipped);

/// <summary>What became of records that were put, in their order.</summary>
/// <param name="Failed">How many were refused.</param>
/// <param name="Records">One for each.</param>
internal sealed record PutRecordsAnswer(int Failed, IReadOnlyList<PutRecordAnswer> Records);

/// <summary>What became of a record: where it stands, or why it was refused.</summary>
internal sealed record PutRecordAnswer(int? Partition, string? SequenceNumber, string? Error);

/// <summary>Records of a partition.</summary>
/// <param name="Records">In their order; there may be none though more come.</param>
/// <param name="Next">The position to read on at.</param>
/// <param name="Missing">Records that were asked for and are there no more.</param>
/// <param name="MillisBehind">How old the last one is where there are more; 0 at the end.</param>
internal sealed record StreamRecordsAnswer(IReadOnlyList<StreamRecordAnswer> Records, string Next, long Missing, long MillisBehind);

/// <summary>A record.</summary>
/// <param name="SequenceNumber">Within its partition.</param>
/// <param name="PartitionKey">Its key.</param>
/// <param name="Arrival">When the server took it.</param>
/// <param name="Topic">Under which it was published, or the stream's name.</param>
/// <param name="Data">Its payload.</param>
/// <param name="Encoding"><c>utf8</c>, or <c>base64</c> for what is no text.</param>
internal sealed record StreamRecordAnswer(string SequenceNumber, string PartitionKey, DateTimeOffset Arrival, string Topic, string Data, string Encoding);
