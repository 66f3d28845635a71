using System.Text.Json.Serialization;

namespace Millrace.Devices.Certificates;

/// <summary>Whether a registered certificate lets its holder in. In JSON they are AWS's words.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CertificateStatus>))]
public enum CertificateStatus
{
    [JsonStringEnumMemberName("ACTIVE")]
    Active,

    /// <summary>For now, it does not.</summary>
    [JsonStringEnumMemberName("INACTIVE")]
    Inactive,

    /// <summary>It never will again.</summary>
    [JsonStringEnumMemberName("REVOKED")]
    Revoked,

    /// <summary>Registered by its first connection, and waiting for somebody to activate it.</summary>
    [JsonStringEnumMemberName("PENDING_ACTIVATION")]
    PendingActivation,
}
