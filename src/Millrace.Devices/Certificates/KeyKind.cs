namespace Millrace.Devices.Certificates;

/// <summary>Of a device's key.</summary>
public enum KeyKind
{
    /// <summary>ECDSA on P-256: small and quick, for whatever can do it.</summary>
    Ecdsa,

    /// <summary>RSA with 2048 bits, for older devices.</summary>
    Rsa,
}
