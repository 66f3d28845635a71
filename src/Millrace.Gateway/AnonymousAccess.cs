using Millrace.Contracts.Devices;

namespace Millrace.Gateway;

/// <summary>Everybody may do everything.</summary>
public sealed class AnonymousAccess : IAccess, IAuthenticator
{
    public static AnonymousAccess Instance { get; } = new();

    /// <inheritdoc/>
    public string Principal => "";

    /// <inheritdoc/>
    public CancellationToken Revoked => CancellationToken.None;

    /// <inheritdoc/>
    public bool MayPublish(ReadOnlySpan<byte> topic, bool retain) => true;

    /// <inheritdoc/>
    public bool MaySubscribe(ReadOnlySpan<byte> filter) => true;

    /// <inheritdoc/>
    public bool MayReceive(ReadOnlySpan<byte> topic) => true;

    /// <inheritdoc/>
    public ValueTask<ConnectVerdict> AuthenticateAsync(ConnectAttempt attempt, CancellationToken stop) =>
        new(attempt.Allowed.HasFlag(CredentialKinds.Anonymous)
            ? new ConnectVerdict(this, KnowsPassword: true, Why: null)
            : new ConnectVerdict(null, KnowsPassword: true, "The listener takes no anonymous clients."));
}
