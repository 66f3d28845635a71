namespace Millrace.Contracts.Devices;

/// <summary>How a client may show who it is. A listener says which of these it takes.</summary>
[Flags]
public enum CredentialKinds
{
    None = 0,

    /// <summary>Nothing: everybody is let in and may do everything. For loopback, or for a network that nobody else is on.</summary>
    Anonymous = 1,

    /// <summary>User name and password.</summary>
    Password = 2,

    /// <summary>An API token, as the password with any user name.</summary>
    Token = 4,

    /// <summary>A TLS client certificate that is registered and active.</summary>
    Certificate = 8,
}
