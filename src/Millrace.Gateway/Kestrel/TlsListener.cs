using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Millrace.Gateway.Kestrel;

/// <summary>TLS for a listener's connections.</summary>
public static class TlsListener
{
    /// <param name="listen">The listener's endpoint; what is used after this gets the bytes inside.</param>
    /// <param name="tls">See there.</param>
    /// <param name="listener">For its name.</param>
    /// <param name="broker">Counts those who failed, and has the log.</param>
    public static void UseTls(this ListenOptions listen, TlsOptions tls, ListenerOptions listener, Broker broker)
    {
        var gate = new HandshakeGate(tls.MaxHandshakes, listener.Name, broker);
        listen.Use(gate.Before);
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = tls.HandshakeTimeout,
            OnConnection = context => ValueTask.FromResult(OptionsFor(context.Connection, tls)),
        });
        listen.Use(HandshakeGate.After);
    }

    private static SslServerAuthenticationOptions OptionsFor(ConnectionContext connection, TlsOptions tls)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = tls.Certificate(),
            EnabledSslProtocols = tls.Protocols,
            ApplicationProtocols = [.. tls.ApplicationProtocols],
            AllowRenegotiation = false,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
        };
        connection.Features.Get<TlsHandshake>()?.Spoke();
        if (tls.ClientCertificates == ClientCertificates.None) return options;
        options.ClientCertificateRequired = true;

        // Who a certificate belongs to is decided by its registration, not by who signed it: nothing is looked up, and nothing downloaded.
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationFlags = X509VerificationFlags.AllFlags,
        };
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            if (certificate is not null || tls.ClientCertificates == ClientCertificates.Optional) return true;
            connection.Features.Get<TlsHandshake>()?.Fail("the client showed no certificate");
            return false;
        };
        return options;
    }
}
