using Microsoft.Extensions.Logging;
using Millrace.Mqtt;

namespace Millrace.Gateway;

/// <summary>What the gateway says to its operator. A connection is worth a line only when something is wrong with it.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Debug, "{ClientId} connected from {Address} with MQTT {Version}.")]
    public static partial void Connected(ILogger logger, string clientId, string address, ProtocolVersion version);

    [LoggerMessage(2, LogLevel.Information, "CONNECT of {ClientId} from {Address} refused: {Reason}. {Why}")]
    public static partial void ConnectRefused(ILogger logger, string clientId, string address, ReasonCode reason, string why);

    [LoggerMessage(3, LogLevel.Information, "{ClientId} at {Address} disconnected by the server: {Reason}. {Why}")]
    public static partial void Closed(ILogger logger, string clientId, string address, ReasonCode reason, string why);

    [LoggerMessage(4, LogLevel.Warning, "The will of {ClientId} on {Topic} was not published: {Why}")]
    public static partial void WillLost(ILogger logger, string clientId, string topic, string why);

    [LoggerMessage(5, LogLevel.Warning, "{Address} was turned away: {Count} connections are open, and mqtt.maxConnections is {Limit}.")]
    public static partial void TurnedAway(ILogger logger, string address, int count, int limit);

    [LoggerMessage(6, LogLevel.Error, "{Log}/{Partition} cannot be read, and its messages do not reach their subscribers: {Why}")]
    public static partial void CannotDispatch(ILogger logger, string log, int partition, string why);

    [LoggerMessage(7, LogLevel.Error, "What waits for {ClientId} cannot be read: {Why}")]
    public static partial void CannotFeed(ILogger logger, string clientId, string why);

    [LoggerMessage(8, LogLevel.Warning, "Sessions and retained messages could not be saved, and are saved again later: {Why}")]
    public static partial void CannotSave(ILogger logger, string why);

    [LoggerMessage(9, LogLevel.Warning, "The session of {ClientId} ended before its time: mqtt.maxOfflineSessions is {Limit}.")]
    public static partial void SessionEvicted(ILogger logger, string clientId, int limit);

    [LoggerMessage(10, LogLevel.Warning, "A lifecycle event of {ClientId} was not published, and {Unsaid} before it: {Why}")]
    public static partial void EventDropped(ILogger logger, string clientId, int unsaid, string why);

    [LoggerMessage(11, LogLevel.Information, "{ClientId} at {Address} may not: {What}")]
    public static partial void NotAuthorized(ILogger logger, string clientId, string address, string what);
}
