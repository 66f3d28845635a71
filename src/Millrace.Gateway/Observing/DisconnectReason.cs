using Millrace.Mqtt;

namespace Millrace.Gateway.Observing;

/// <summary>The words of AWS IoT's lifecycle events for why a connection ended.</summary>
internal static class DisconnectReason
{
    /// <param name="reason">That the connection was closed with: Success where its client said goodbye, UnspecifiedError where it vanished.</param>
    public static string Of(ReasonCode reason) => reason switch
    {
        ReasonCode.Success => "CLIENT_INITIATED_DISCONNECT",
        ReasonCode.UnspecifiedError => "CONNECTION_LOST",
        ReasonCode.SessionTakenOver => "DUPLICATE_CLIENTID",
        ReasonCode.KeepAliveTimeout => "MQTT_KEEP_ALIVE_TIMEOUT",

        // The last one stands for a credential that was revoked.
        ReasonCode.NotAuthorized or ReasonCode.AdministrativeAction => "AUTH_ERROR",
        ReasonCode.QuotaExceeded or ReasonCode.MessageRateTooHigh => "THROTTLED",
        ReasonCode.ServerShuttingDown => "SERVER_INITIATED_DISCONNECT",
        ReasonCode.ServerBusy or ReasonCode.ServerUnavailable or ReasonCode.ImplementationSpecificError => "SERVER_ERROR",
        _ => "CLIENT_ERROR",
    };
}
