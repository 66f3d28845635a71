namespace Millrace.Gateway.Kestrel;

/// <summary>Whether a TLS listener asks its clients for a certificate.</summary>
public enum ClientCertificates
{
    None,

    /// <summary>It asks, and takes clients without one too.</summary>
    Optional,

    /// <summary>A client without one gets no connection.</summary>
    Required,
}
