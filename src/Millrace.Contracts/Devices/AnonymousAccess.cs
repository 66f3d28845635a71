namespace Millrace.Contracts.Devices;

/// <summary>Everybody may do everything: who listens for anonymous clients has decided that. By itself it admits nobody else.</summary>
public sealed class AnonymousAccess : IAccess, IAuthenticator
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

    public ValueTask<ConnectVerdict> AuthenticateAsync(ConnectAttempt attempt, CancellationToken stop) =>
        new(attempt.Allowed.HasFlag(CredentialKinds.Anonymous)
            ? new ConnectVerdict(this, KnowsPassword: true, Why: null)
            : new ConnectVerdict(null, KnowsPassword: true, "The listener takes no anonymous clients."));
}
