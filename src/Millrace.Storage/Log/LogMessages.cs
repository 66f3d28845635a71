using Microsoft.Extensions.Logging;

namespace Millrace.Storage.Log;

/// <summary>All that the log says to its operator.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1001, LogLevel.Warning,
        "{Path}: cut {Bytes} bytes from byte {Position} on that a crash left unfinished; they were never acknowledged. The log goes on with record {Offset}.")]
    public static partial void TornTail(this ILogger logger, string path, long bytes, long position, long offset);

    [LoggerMessage(1002, LogLevel.Error, "{Message}")]
    public static partial void WriteFailed(this ILogger logger, string message, Exception exception);

    [LoggerMessage(1003, LogLevel.Information, "The log can be written again after {Duration}; nothing was lost.")]
    public static partial void WriteRecovered(this ILogger logger, TimeSpan duration);

    [LoggerMessage(1004, LogLevel.Error,
        "{Partition}: closed with {Records} records that the disk would not take. They were never acknowledged.")]
    public static partial void ClosedUnwritten(this ILogger logger, string partition, int records);

    [LoggerMessage(1005, LogLevel.Error, "Commit listener {Listener} threw; the others were told all the same.")]
    public static partial void ListenerThrew(this ILogger logger, string? listener, Exception exception);

    [LoggerMessage(1006, LogLevel.Information, "{Path}: dropped by retention, up to record {Offset}.")]
    public static partial void Dropped(this ILogger logger, string path, long offset);

    [LoggerMessage(1007, LogLevel.Warning, "{Partition}: retention could not drop a segment and tries again later.")]
    public static partial void RetentionFailed(this ILogger logger, string partition, Exception exception);

    [LoggerMessage(1008, LogLevel.Critical, "{Partition}: records {From} to {To} cannot be read; readers stop there until the file is restored or millrace stream skip passes over them. {Message}")]
    public static partial void Damaged(this ILogger logger, string partition, long from, long to, string message);

    [LoggerMessage(1009, LogLevel.Warning, "{Partition}: readers pass over the damaged records {From} to {To} of {Path}, byte {Position}, from now on, as an operator asked for.")]
    public static partial void Skipped(this ILogger logger, string partition, long from, long to, string path, long position);

    [LoggerMessage(1010, LogLevel.Warning, "Log {Log} goes over to MD5 of the key: records from {Ends} on may stand in another partition than older ones of their key.")]
    public static partial void RoutingChanged(this ILogger logger, string log, string ends);

    [LoggerMessage(1011, LogLevel.Information, "Log {Log} was deleted with all its records.")]
    public static partial void Deleted(this ILogger logger, string log);
}
