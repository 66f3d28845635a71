using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Millrace.Contracts;

namespace Millrace.Connectors.S3;

/// <summary>A key from a file as <c>~/.aws/credentials</c>, which is read again when it changes: a new key needs no restart.</summary>
internal sealed class FileCredentials : AWSCredentials
{
    private const string Profile = "default";

    private readonly string _path;
    private readonly Lock _gate = new();
    private (DateTime Written, long Bytes) _read;
    private ImmutableCredentials _key;

    private FileCredentials(string path)
    {
        _path = path;
        (_read, _key) = (StampOf(path), Read(path));
    }

    /// <exception cref="FaultException">Refused: there is no such file, or no key in it.</exception>
    public static FileCredentials Open(string path) => new(path);

    public override ImmutableCredentials GetCredentials()
    {
        lock (_gate)
        {
            var stamp = StampOf(_path);
            if (stamp == _read) return _key;

            // One that is being written, or is broken, does not take the key away that was there.
            try
            {
                (_key, _read) = (Read(_path), stamp);
            }
            catch (FaultException)
            {
                // The server of the bucket says whether the old key still does.
            }

            return _key;
        }
    }

    private static (DateTime Written, long Bytes) StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    private static ImmutableCredentials Read(string path)
    {
        if (!File.Exists(path)) throw new FaultException(Fault.Refused, $"seriesRemoteCredentials: there is no file {path}");
        try
        {
            if (new SharedCredentialsFile(path).TryGetProfile(Profile, out var profile) && profile.Options is { AccessKey.Length: > 0, SecretKey.Length: > 0 } found)
                return new ImmutableCredentials(found.AccessKey, found.SecretKey, found.Token);
        }
        catch (Exception broken) when (broken is not FaultException)
        {
            // Whatever the reader stumbled over: its message may have a line of the file in it.
        }

        throw new FaultException(
            Fault.Refused, $"seriesRemoteCredentials: {path} cannot be read, or has no profile [{Profile}] with aws_access_key_id and aws_secret_access_key");
    }
}
