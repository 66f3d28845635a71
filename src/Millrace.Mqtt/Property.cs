namespace Millrace.Mqtt;

/// <summary>One property; its bytes stand in the packet it was read from.</summary>
public readonly ref struct Property
{
    public PropertyId Id { get; init; }

    /// <summary>The value of a property that is a number; else 0.</summary>
    public uint Number { get; init; }

    /// <summary>The value of a property that is text or bytes; else empty.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The name of a user property; else empty.</summary>
    public ReadOnlySpan<byte> Name { get; init; }
}
