using Millrace.Connectors.S3;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Tables;
using Millrace.Flows;
using Millrace.Flows.Options;
using Millrace.Storage.Files;
using Millrace.Storage.Lake;

namespace Millrace.Server.Connections;

/// <summary>Makes sinks of the lake of options. Those that go to the same bucket with the same credentials share a client.</summary>
internal sealed class LakeSinks(IDisk disk, TimeProvider clock) : IDisposable
{
    private readonly Dictionary<S3Address, S3Bucket> _buckets = [];

    /// <exception cref="FaultException">Refused: the values make a folder that cannot be. Unavailable: a secret, or credentials, are not there.</exception>
    public ISink Create(LakeSinkOptions lake, SinkPlace place, IReadOnlyDictionary<string, string> values)
    {
        var options = OptionsOf(lake, values);
        return lake.S3 is null
            ? new LakeSink(disk, options, place.Flow, place.Partition, clock)
            : new LakeSink(BucketOf(lake.S3, place), options, place.Flow, place.Partition, clock);
    }

    public void Dispose()
    {
        lock (_buckets)
        {
            foreach (var bucket in _buckets.Values) bucket.Dispose();
            _buckets.Clear();
        }
    }

    private static LakeOptions OptionsOf(LakeSinkOptions lake, IReadOnlyDictionary<string, string> values)
    {
        ObjectPrefix? prefix = null;
        if (lake.Prefix is not null && ObjectPrefix.TryParse(lake.Prefix, out prefix) is { } wrong) throw new FaultException(Fault.Refused, wrong.ToString());
        return new()
        {
            Stream = lake.Stream,
            Prefix = prefix,
            PartitionValues = values,
            Format = lake.Format,
            Columns = lake.Columns.ToDictionary(static column => column.Name, static column => column.Type ?? MeasureType.Varchar, StringComparer.Ordinal),
            Compact = lake.Compact,
            MaxBytes = lake.BufferSize,
            MaxAge = lake.BufferTime,
            Separator = lake.Separator,
        };
    }

    private S3Bucket BucketOf(LakeS3Options s3, SinkPlace place)
    {
        if (S3Address.TryParse(s3.Url, s3.Endpoint, s3.Region, out var address) is { } wrong) throw new FaultException(Fault.Refused, wrong);
        address = address! with { AccessKey = Secrets.Find(s3.AccessKey, place), SecretKey = Secrets.Find(s3.SecretKey, place) };
        lock (_buckets)
        {
            if (!_buckets.TryGetValue(address, out var bucket)) _buckets.Add(address, bucket = new S3Bucket(address));
            return bucket;
        }
    }
}
