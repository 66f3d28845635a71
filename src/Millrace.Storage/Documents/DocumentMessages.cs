using Microsoft.Extensions.Logging;

namespace Millrace.Storage.Documents;

/// <summary>All that the document store says to its operator.</summary>
internal static partial class DocumentMessages
{
    [LoggerMessage(1101, LogLevel.Warning,
        "{Path}: cut {Bytes} bytes from byte {Position} on that a crash left unfinished; nobody was told that they are safe.")]
    public static partial void TornTail(this ILogger logger, string path, long bytes, long position);

    [LoggerMessage(1102, LogLevel.Error, "{Message}")]
    public static partial void WriteFailed(this ILogger logger, string message, Exception exception);

    [LoggerMessage(1103, LogLevel.Information, "Documents can be written again after {Duration}; nothing was lost.")]
    public static partial void WriteRecovered(this ILogger logger, TimeSpan duration);

    [LoggerMessage(1104, LogLevel.Error,
        "{Path}: closed with {Writes} writes that the disk would not take. Nobody was told that they are safe.")]
    public static partial void ClosedUnwritten(this ILogger logger, string path, int writes);

    [LoggerMessage(1105, LogLevel.Error, "Write listener {Listener} threw; the others were told all the same.")]
    public static partial void ListenerThrew(this ILogger logger, string? listener, Exception exception);

    [LoggerMessage(1106, LogLevel.Warning, "{Path} could not be written anew, shorter, and is tried again when it has grown further. It goes on as it is.")]
    public static partial void RewriteFailed(this ILogger logger, string path, Exception exception);
}
