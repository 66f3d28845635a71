using Millrace.Contracts.Devices;

namespace Millrace.Gateway;

/// <summary>Everybody may do everything.</summary>
internal sealed class AnonymousAccess : IAccess, IAuthenticator
{
    public static AnonymousAccess Instance { get; } = new();

    public string Principal => "";

    public CancellationToken Revoked => CancellationToken.None;

    public bool MayPublish(ReadOnlySpan<byte> topic, bool retain) => true;

    public bool MaySubscribe(ReadOnlySpan<byte> filter) => true;

    public bool MayReceive(ReadOnlySpan<byte> topic) => true;

    public ValueTask<ConnectVerdict> AuthenticateAsync(ConnectAttempt attempt, CancellationToken stop) =>
        new(attempt.Allowed.HasFlag(CredentialKinds.Anonymous)
            ? new ConnectVerdict(this, KnowsPassword: true, Why: null)
            : new ConnectVerdict(null, KnowsPassword: true, "The listener takes no anonymous clients."));
}
