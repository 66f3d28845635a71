using Microsoft.Extensions.Logging;

namespace Millrace.Gateway.Listening;

/// <summary>What listeners say of those who did not get in. Floods are told of now and then, with the number of those left out.</summary>
internal static partial class ListenerLog
{
    [LoggerMessage(20, LogLevel.Warning, "Listener {Listener} turned {Address} away: {Why}. Not told before this: {Unsaid}.")]
    public static partial void TurnedAway(ILogger logger, string listener, string address, string why, int unsaid);

    [LoggerMessage(21, LogLevel.Information, "Listener {Listener}: no TLS with {Address}: {Why}. Not told before this: {Unsaid}.")]
    public static partial void NoTls(ILogger logger, string listener, string address, string why, int unsaid);

    [LoggerMessage(22, LogLevel.Information, "Listener {Listener} took no message from {Address} over HTTP: {Why}")]
    public static partial void HttpRefused(ILogger logger, string listener, string address, string why);
}
