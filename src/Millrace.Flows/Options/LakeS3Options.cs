using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>A bucket that the files of a lake go to, in place of the server's disk.</summary>
/// <param name="Url"><c>s3://bucket/prefix</c>.</param>
public sealed record LakeS3Options(string Url)
{
    /// <summary>As <c>http://127.0.0.1:9000</c>; null: AWS.</summary>
    public string? Endpoint { get; init; }

    public string? Region { get; init; }

    /// <summary>Where it stands: see <see cref="SecretText"/>. Null, as <see cref="SecretKey"/>: what all of AWS's tools find in environment, profile or role.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    internal IEnumerable<Problem> Check()
    {
        foreach (var problem in SecretText.Check("s3.accessKey", AccessKey)) yield return problem;
        foreach (var problem in SecretText.Check("s3.secretKey", SecretKey)) yield return problem;
        if (AccessKey is null != SecretKey is null) yield return new(AccessKey is null ? "s3.accessKey" : "s3.secretKey", "is missing, and the other one of the two keys is given; " + SecretText.Rule);
    }
}
