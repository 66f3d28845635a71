using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Millrace.Contracts.Devices;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Kestrel;
using Millrace.Gateway.Listening;
using Millrace.Mqtt;

namespace Millrace.Gateway.Http;

/// <summary>Publishing over HTTP for clients that must show who they are: by certificate or by <c>Authorization: Bearer TOKEN</c>.</summary>
public sealed class TopicsDoor(Broker broker, ListenerOptions listener)
{
    private const string Bearer = "Bearer ";

    /// <summary>Answers a POST to <c>/topics/…</c>.</summary>
    public async Task PublishAsync(HttpContext context)
    {
        if (listener.MaxPacketSize is { } most && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = Math.Min(size.MaxRequestBodySize ?? long.MaxValue, most.Bytes);

        var verdict = await broker.Authenticator.AuthenticateAsync(AttemptOf(context), context.RequestAborted).ConfigureAwait(false);
        if (verdict.Access is not { } access)
        {
            broker.Counters.AuthenticationFailed(listener.Name);
            broker.Counters.ConnectionRefused(listener.Name);
            ListenerLog.HttpRefused(broker.Logger, listener.Name, AddressOf(context), verdict.Why ?? "not known");
            if (!verdict.KnowsPassword) context.Response.Headers.WWWAuthenticate = "Bearer";
            var status = verdict.KnowsPassword ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
            await TopicsEndpoint.AnswerAsync(context, status, "Show a certificate or token that is known here.").ConfigureAwait(false);
            return;
        }

        var topic = TopicsEndpoint.TopicOf(context, "");
        var name = Encoding.UTF8.GetBytes(topic);
        if (Topic.IsValidName(name) && !access.MayPublish(name, retain: false))
        {
            broker.Counters.Refused(RefusalReason.NotAuthorized);
            await TopicsEndpoint.AnswerAsync(context, StatusCodes.Status403Forbidden, "No policy allows to publish to this topic.").ConfigureAwait(false);
            return;
        }

        await TopicsEndpoint.PublishAsync(context, topic, context.Request.Query["qos"], broker).ConfigureAwait(false);
    }

    private ConnectAttempt AttemptOf(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        var token = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
        return new ConnectAttempt
        {
            ClientId = "",
            Password = string.IsNullOrEmpty(token) ? null : Encoding.UTF8.GetBytes(token),
            Certificate = context.Connection.ClientCertificate,
            Address = AddressOf(context),
            Allowed = listener.Credentials,
        };
    }

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress is { } ip ? PeerAddress.Of(ip).ToString() : "";
}
