using Millrace.Contracts;

namespace Millrace.Connectors.S3;

/// <summary>A bucket, and a server that keeps it. Where <see cref="Endpoint"/> is null it is AWS's.</summary>
/// <param name="Bucket">3 to 63 of lower-case letters, digits, <c>.</c> and <c>-</c>.</param>
public sealed record S3Address(string Bucket)
{
    private const string Scheme = "s3://";

    /// <summary>Before every key: empty, or it ends with <c>/</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>As <c>http://127.0.0.1:9000</c>; objects are then at <c>endpoint/bucket/key</c>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Null: the one that <c>AWS_REGION</c> or the profile names, else us-east-1.</summary>
    public string? Region { get; init; }

    /// <summary>Null, as <see cref="SecretKey"/>: <see cref="Credentials"/> holds.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    /// <summary>A file as <c>~/.aws/credentials</c>, of which the profile <c>default</c> is taken. Null: what AWS's tools would find.</summary>
    public string? Credentials { get; init; }

    /// <summary>For one try of one request. An object is one request, whatever its size.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <param name="text"><c>s3://bucket/prefix</c>.</param>
    /// <param name="endpoint">http or https; null is AWS.</param>
    /// <param name="region">See <see cref="Region"/>.</param>
    /// <param name="address">Where it is right.</param>
    /// <returns>What is wrong; null where it is right.</returns>
    public static string? TryParse(string text, string? endpoint, string? region, out S3Address? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        if (!text.StartsWith(Scheme, StringComparison.Ordinal)) return $"'{text}' must be s3://BUCKET or s3://BUCKET/PREFIX";
        var rest = text[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (bucket, prefix) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..].TrimEnd('/'));
        if (!IsBucket(bucket)) return $"'{bucket}' cannot be a bucket: 3 to 63 lower-case letters, digits, '.' and '-'";
        if (prefix.Length > 512) return $"the prefix has {prefix.Length} characters; at most 512 are taken";
        Uri? server = null;
        if (endpoint is not null && !(Uri.TryCreate(endpoint, UriKind.Absolute, out server) && server.Scheme is "http" or "https" && server.UserInfo.Length == 0))
            return $"the endpoint '{endpoint}' must be http://HOST:PORT or https://HOST:PORT";
        address = new S3Address(bucket) { Prefix = prefix.Length == 0 ? "" : prefix + "/", Endpoint = server, Region = region };
        return null;
    }

    public override string ToString() => $"{Scheme}{Bucket}/{Prefix}".TrimEnd('/');

    private static bool IsBucket(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]);
}
