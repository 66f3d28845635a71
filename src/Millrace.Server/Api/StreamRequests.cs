namespace Millrace.Server.Api;

/// <summary>A stream to make, or what is to change of one; what is null stays, or is as usual.</summary>
/// <param name="Name">Of the stream; not looked at where the path says it.</param>
/// <param name="Partitions">1 to 256.</param>
/// <param name="Retention">As <c>7d</c>.</param>
/// <param name="MaxBytes">Of each partition, as <c>10GiB</c>; <c>none</c>: only time counts.</param>
/// <param name="MaxRecordSize">Payload and key together, as <c>1MiB</c>.</param>
internal sealed record StreamRequest(string? Name, int? Partitions, string? Retention, string? MaxBytes, string? MaxRecordSize);

/// <summary>Records to put.</summary>
internal sealed record PutRecordsRequest(IReadOnlyList<PutRecordRequest> Records);

/// <summary>A record to put.</summary>
/// <param name="PartitionKey">1 to 256 characters.</param>
/// <param name="Data">The payload in base64.</param>
/// <param name="Text">The payload as text; one of the two.</param>
/// <param name="ExplicitHashKey">A number of 128 bits that finds the partition instead of the key.</param>
/// <param name="Topic">Under which flows see it; null: the stream's name.</param>
internal sealed record PutRecordRequest(string? PartitionKey, string? Data, string? Text, string? ExplicitHashKey, string? Topic);

/// <summary>Where a consumer is to read on.</summary>
/// <param name="From">As of <c>from</c> when reading.</param>
/// <param name="Partition">One; null: all.</param>
internal sealed record ConsumerRequest(string From, int? Partition);

/// <summary>A consumer has done all up to a record, it among them.</summary>
internal sealed record CommitRequest(int Partition, string SequenceNumber);

/// <summary>A damaged record that readers are to pass over, with all that is lost beside it.</summary>
internal sealed record SkipRequest(string SequenceNumber);
