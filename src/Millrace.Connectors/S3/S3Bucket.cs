using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Millrace.Contracts;
using Millrace.Contracts.Objects;

namespace Millrace.Connectors.S3;

/// <summary>A bucket on AWS, or on a server that speaks its protocol (MinIO, Ceph, SeaweedFS, s3rver).</summary>
/// <remarks>
/// Where the address has neither a key nor a file with one, credentials are found as all of AWS's tools find them: <c>AWS_ACCESS_KEY_ID</c> and
/// <c>AWS_SECRET_ACCESS_KEY</c>, a profile in <c>~/.aws</c>, or the machine's role. Checksums beyond S3's first ones are only sent where a request needs them: many of the other servers know none.
/// </remarks>
public sealed class S3Bucket : IObjectBucket, IDisposable
{
    /// <summary>S3's own limit for an object in one request.</summary>
    private const long LargestObject = 5L << 30;
    private const int LongestKey = 1024;
    private const string GiveCredentials = "name a file with them (seriesRemoteCredentials), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE";

    private readonly S3Address _address;
    private readonly AmazonS3Client _client;

    /// <exception cref="FaultException">Unavailable: there are no credentials. Refused: the file that should have them has none.</exception>
    public S3Bucket(S3Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _address = address;
        var config = new AmazonS3Config
        {
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = address.Timeout,
            MaxErrorRetry = 2,
        };
        if (address.Endpoint is { } endpoint)
            (config.ServiceURL, config.ForcePathStyle, config.AuthenticationRegion) = (endpoint.ToString(), true, address.Region ?? "us-east-1");
        else if (address.Region is { } region)
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(region);
        try
        {
            _client = address switch
            {
                { AccessKey: { } access, SecretKey: { } secret } => new AmazonS3Client(new BasicAWSCredentials(access, secret), config),
                { Credentials: { } file } => new AmazonS3Client(FileCredentials.Open(file), config),
                _ => new AmazonS3Client(config),
            };
        }
        catch (AmazonClientException none)
        {
            throw new FaultException(Fault.Unavailable, $"{address}: no credentials were found: {GiveCredentials}", none);
        }
    }

    public string Name => _address.ToString();

    public async Task PutAsync(string key, Stream content, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Length - content.Position > LargestObject)
            throw new FaultException(Fault.Refused, $"{Name}: the object {key} has {content.Length - content.Position} bytes, and S3 takes {LargestObject} in one request");
        var request = new PutObjectRequest
        {
            BucketName = _address.Bucket,
            Key = FullKey(key),
            InputStream = content,
            AutoCloseStream = false,
            AutoResetStreamPosition = false,
            UseChunkEncoding = false,
        };
        await AskAsync(key, () => _client.PutObjectAsync(request, stop), stop).ConfigureAwait(false);
    }

    public async Task<bool> TryGetAsync(string key, Stream into, CancellationToken stop)
    {
        try
        {
            using var response = await _client.GetObjectAsync(_address.Bucket, FullKey(key), stop).ConfigureAwait(false);
            await response.ResponseStream.CopyToAsync(into, stop).ConfigureAwait(false);
            return true;
        }
        catch (AmazonServiceException missing) when (missing is { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" })
        {
            return false;
        }
        catch (Exception failed) when (IsAbout(failed, stop))
        {
            throw Failed(key, failed);
        }
    }

    public async IAsyncEnumerable<(string Key, long Bytes)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken stop)
    {
        var request = new ListObjectsV2Request { BucketName = _address.Bucket, Prefix = FullKey(prefix) };
        while (true)
        {
            var page = await AskAsync(prefix, () => _client.ListObjectsV2Async(request, stop), stop).ConfigureAwait(false);
            foreach (var found in page.S3Objects ?? []) yield return (found.Key[_address.Prefix.Length..], found.Size ?? 0);
            if (page.IsTruncated != true) yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    public Task DeleteAsync(string key, CancellationToken stop) => AskAsync(key, () => _client.DeleteObjectAsync(_address.Bucket, FullKey(key), stop), stop);

    public void Dispose() => _client.Dispose();

    private string FullKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var full = _address.Prefix + key;
        return Encoding.UTF8.GetByteCount(full) <= LongestKey
            ? full
            : throw new FaultException(Fault.Refused, $"{Name}: a key of more than {LongestKey} bytes: {key[..Math.Min(key.Length, 100)]}…");
    }

    private async Task<T> AskAsync<T>(string key, Func<Task<T>> ask, CancellationToken stop)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception failed) when (IsAbout(failed, stop))
        {
            throw Failed(key, failed);
        }
    }

    private static bool IsAbout(Exception failed, CancellationToken stop) =>
        failed is AmazonClientException or AmazonServiceException or HttpRequestException or IOException
        || (failed is OperationCanceledException && !stop.IsCancellationRequested);

    private FaultException Failed(string key, Exception failed)
    {
        // The message of the client is a list of all places where it looked.
        if (failed is AmazonClientException && failed.Message.Contains("resolve AWS credentials", StringComparison.Ordinal))
            return new FaultException(Fault.Unavailable, $"{Name}, {key}: no credentials were found: {GiveCredentials}", failed);

        // 4xx but for a throttled or timed-out request will be the same next time. Rights and buckets are put right without us, so they are tried again.
        var refused = failed is AmazonServiceException
        {
            StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout and not HttpStatusCode.TooManyRequests
            and not HttpStatusCode.Forbidden and not HttpStatusCode.NotFound and not HttpStatusCode.Unauthorized,
        };
        var what = failed is OperationCanceledException ? $"no answer within {_address.Timeout.TotalSeconds:0} s" : failed.Message.TrimEnd('.');
        var code = failed is AmazonServiceException { ErrorCode: { Length: > 0 } name } ? $" ({name})" : "";
        return new FaultException(refused ? Fault.Refused : Fault.Unavailable, $"{Name}, {key}: {what}{code}", failed);
    }
}
