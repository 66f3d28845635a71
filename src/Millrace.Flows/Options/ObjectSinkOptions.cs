using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>One object of the object store for each record; a key that is there already is replaced.</summary>
public sealed record ObjectSinkOptions : SinkOptions
{
    public override string Kind => "objects";

    public override string Target => Bucket;

    public override string ActionName => "S3Action";

    /// <summary>A template.</summary>
    public required string Bucket { get; init; }

    /// <summary>A template: <c>cars/${vin}/${timestamp()}.json</c>.</summary>
    public required string Key { get; init; }

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        var bucket = Templates.Sample(Bucket, "bucket", problems);
        if (problems.Count == 0 && !bucket.IsBucketName()) problems.Add(new("bucket", PlainNames.BucketRule));
        if (Templates.Sample(Key, "key", problems).Length == 0) problems.Add(new("key", "must not be empty"));
        return problems;
    }
}
