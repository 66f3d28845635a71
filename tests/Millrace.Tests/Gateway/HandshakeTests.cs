using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts.Devices;
using Millrace.Gateway;
using Millrace.Gateway.Connections;
using Millrace.Testing.Mqtt;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Gateway;

public sealed class HandshakeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    public async Task A_client_that_goes_while_it_is_decided_who_it_is_leaves_its_id_free(uint expiry)
    {
        var authenticator = new SlowAuthenticator();
        using var broker = new Broker(
            new ManualLog(), new MemoryDocuments(), authenticator, new BrokerOptions(), new ManualTime(), NullLogger.Instance, new ManualWorkers());
        var first = new TestClient(broker);
        Assert.Equal(Progress.NeedAccess, first.Connect("car", cleanStart: false, sessionExpiry: expiry));
        first.Vanish();
        authenticator.LetIn();
        await first.Connection.AuthenticateAsync(CancellationToken.None);
        Assert.Equal(expiry > 0 ? 1 : 0, broker.ReadState().SessionsOffline);

        var second = new TestClient(broker);
        second.Connect("car", cleanStart: false, sessionExpiry: expiry);
        authenticator.LetIn();
        await second.Connection.AuthenticateAsync(CancellationToken.None);
        Assert.StartsWith("ConnAck Success", second.Next(), StringComparison.Ordinal);
        Assert.Equal(1, broker.Counters.Snapshot().Connections);
    }

    /// <summary>Takes as long as the test wants.</summary>
    private sealed class SlowAuthenticator : IAuthenticator
    {
        private TaskCompletionSource<ConnectVerdict> _verdict = new();

        public ValueTask<ConnectVerdict> AuthenticateAsync(ConnectAttempt attempt, CancellationToken stop) => new(_verdict.Task);

        public void LetIn()
        {
            var verdict = _verdict;
            _verdict = new TaskCompletionSource<ConnectVerdict>();
            verdict.SetResult(new ConnectVerdict(AnonymousAccess.Instance, KnowsPassword: true, Why: null));
        }
    }
}
