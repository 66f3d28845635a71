using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Millrace.Contracts;

namespace Millrace.Connectors.Tls;

/// <summary>A file of certificates that servers' certificates must come from.</summary>
internal static class TrustFile
{
    /// <param name="file">PEM; read now.</param>
    /// <exception cref="FaultException">Unavailable: it cannot be read, or holds none.</exception>
    public static X509ChainPolicy PolicyOf(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FaultException(Fault.Unavailable, $"caFile {file} cannot be read: {unreadable.Message}", unreadable);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new FaultException(Fault.Unavailable, $"caFile {file} holds no certificate; it must be PEM, from -----BEGIN CERTIFICATE----- on");
    }
}
