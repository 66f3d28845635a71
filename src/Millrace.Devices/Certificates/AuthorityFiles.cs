using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Millrace.Contracts;

namespace Millrace.Devices.Certificates;

/// <summary>The authority's certificate and key as files that openssl reads: <c>ca.pem</c> and <c>ca.key</c>.</summary>
internal static class AuthorityFiles
{
    public static CertificateAuthority Open(string directory, TimeProvider clock)
    {
        var (certificate, key) = (Path.Combine(directory, "ca.pem"), Path.Combine(directory, "ca.key"));
        try
        {
            if (File.Exists(certificate)) return Read(certificate, key, clock);
            Directory.CreateDirectory(directory);
            return Make(certificate, key, clock);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, $"the certificate authority in {directory} can be neither read nor written: {failed.Message}", failed);
        }
    }

    private static CertificateAuthority Read(string certificatePath, string keyPath, TimeProvider clock)
    {
        if (!File.Exists(keyPath))
            throw new FaultException(
                Fault.Corrupt, $"{certificatePath} is there and its key {keyPath} is not: put it back, or move the certificate away to have both made anew");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(keyPath));
            var certificate = X509CertificateLoader.LoadCertificateFromFile(certificatePath);
            using var known = certificate.GetECDsaPublicKey();
            if (known is null || !known.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
                throw new FaultException(Fault.Corrupt, $"the key {keyPath} is not the one of {certificatePath}");
            return new CertificateAuthority(certificate, key, clock);
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new FaultException(Fault.Corrupt, $"{certificatePath} and {keyPath} are not a certificate and its ECDSA key in PEM: {wrong.Message}", wrong);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <remarks>The key first: where the power fails between the two, the next start makes both anew, and nobody has trusted the old one yet.</remarks>
    private static CertificateAuthority Make(string certificatePath, string keyPath, TimeProvider clock)
    {
        var authority = CertificateAuthority.Create(ECDsa.Create(ECCurve.NamedCurves.nistP256), clock);
        Write(keyPath, authority.KeyPem(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(certificatePath, authority.Pem, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return authority;
    }

    private static void Write(string path, string text, UnixFileMode mode)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
