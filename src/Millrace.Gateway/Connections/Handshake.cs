using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Mqtt;

namespace Millrace.Gateway.Connections;

/// <summary>From a CONNECT that is in order to its CONNACK: who is it, may it come in, which session is its own, and is that safe.</summary>
internal static class Handshake
{
    /// <summary>Ends when the client is let in or refused. Throws nothing.</summary>
    public static async Task RunAsync(Broker broker, Connection connection, ConnectRequest request)
    {
        try
        {
            var attempt = new ConnectAttempt
            {
                ClientId = request.ClientId,
                UserName = request.UserName,
                Password = request.Password,
                Certificate = connection.Peer.Certificate,
                Address = connection.Peer.Host,
                Allowed = connection.Peer.Listener.Credentials,
                IsPersistent = request.ExpirySeconds > 0,
                HasWill = request.Will is not null,
            };
            var verdict = await broker.Authenticator.AuthenticateAsync(attempt, CancellationToken.None).ConfigureAwait(false);
            if (verdict.Access is not { } access)
            {
                var reason = verdict.KnowsPassword ? ReasonCode.NotAuthorized : ReasonCode.BadUserNameOrPassword;
                broker.Counters.AuthenticationFailed(connection.Peer.Listener.Name);
                connection.Refuse(request.ClientId, reason, verdict.Why ?? "", tellWhy: false);
                return;
            }

            if (request.Will is { } will && !access.MayPublish(will.Topic, will.Retain))
            {
                connection.Refuse(request.ClientId, ReasonCode.NotAuthorized, "No policy allows to publish the will.", tellWhy: true);
                return;
            }

            var joined = broker.Join(connection, request, access);
            if (joined.Write is { } write) await write.ConfigureAwait(false);
            connection.Accept(request, joined.Session, joined.IsPresent);
        }
        catch (FaultException e)
        {
            connection.Refuse(request.ClientId, ReasonCode.ServerUnavailable, e.Message, tellWhy: false);
        }
    }
}
