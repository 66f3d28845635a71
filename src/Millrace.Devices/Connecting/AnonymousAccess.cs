using Millrace.Contracts.Devices;

namespace Millrace.Devices.Connecting;

/// <summary>Everything is allowed: who listens for anonymous clients has decided that.</summary>
internal sealed class AnonymousAccess : IAccess
{
    private AnonymousAccess()
    {
    }

    public static AnonymousAccess Instance { get; } = new();

    public string Principal => "";

    public CancellationToken Revoked => CancellationToken.None;

    public bool MayPublish(ReadOnlySpan<byte> topic, bool retain) => true;

    public bool MaySubscribe(ReadOnlySpan<byte> filter) => true;

    public bool MayReceive(ReadOnlySpan<byte> topic) => true;
}
