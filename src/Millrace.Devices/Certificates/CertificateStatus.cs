namespace Millrace.Devices.Certificates;

/// <summary>Whether a registered certificate lets its holder in. AWS's words, in capitals there.</summary>
public enum CertificateStatus
{
    Active,

    /// <summary>For now, it does not.</summary>
    Inactive,

    /// <summary>It never will again.</summary>
    Revoked,

    /// <summary>Registered by its first connection, and waiting for somebody to activate it.</summary>
    PendingActivation,
}
