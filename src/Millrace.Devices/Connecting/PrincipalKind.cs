namespace Millrace.Devices.Connecting;

/// <summary>What a client showed.</summary>
internal enum PrincipalKind
{
    Certificate,
    User,
    Token,
}
