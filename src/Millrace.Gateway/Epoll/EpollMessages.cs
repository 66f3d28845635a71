using Microsoft.Extensions.Logging;

namespace Millrace.Gateway.Epoll;

/// <summary>What the transport says to the operator.</summary>
internal static partial class EpollMessages
{
    [LoggerMessage(40, LogLevel.Error, "The connection of {Address} failed and is closed; the others go on.")]
    public static partial void ConnectionFailed(ILogger logger, string address, Exception failure);

    [LoggerMessage(41, LogLevel.Error, "The connection of {Address} is closed: the system does not watch it (error {Error}). See fs.epoll.max_user_watches.")]
    public static partial void NotWatched(ILogger logger, string address, int error);

    [LoggerMessage(43, LogLevel.Error, "Listener {Listener} takes no connections for the moment: {Reason}. "
        + "Those that are open go on; raise the limit of open files (ulimit -n, LimitNOFILE).")]
    public static partial void NoDescriptor(ILogger logger, string listener, string reason);

    [LoggerMessage(44, LogLevel.Error, "Listener {Listener} could not take a connection and tries again.")]
    public static partial void AcceptFailed(ILogger logger, string listener, Exception failure);
}
