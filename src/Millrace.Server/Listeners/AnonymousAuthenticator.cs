using Millrace.Contracts.Devices;

namespace Millrace.Server.Listeners;

/// <summary>Lets everybody in where a listener takes everybody, and nobody elsewhere.</summary>
internal sealed class AnonymousAuthenticator : IAuthenticator
{
    public ValueTask<ConnectVerdict> AuthenticateAsync(ConnectAttempt attempt, CancellationToken stop) => ValueTask.FromResult(
        attempt.Allowed.HasFlag(CredentialKinds.Anonymous)
            ? new ConnectVerdict(new Everything(), false, null)
            : new ConnectVerdict(null, false, "This listener takes no anonymous clients."));

    private sealed class Everything : IAccess
    {
        public string Principal => "";

        public CancellationToken Revoked => default;

        public bool MayPublish(ReadOnlySpan<byte> topic, bool retain) => true;

        public bool MaySubscribe(ReadOnlySpan<byte> filter) => true;

        public bool MayReceive(ReadOnlySpan<byte> topic) => true;
    }
}
