using Millrace.Contracts;

namespace Millrace.Storage.Lake;

/// <summary>Where the files of one sink of the lake are: below a directory, or in a bucket. Calls never overlap.</summary>
/// <remarks>
/// Paths have <c>/</c> between their parts and none at their ends. A file is there whole or not at all, and safe when the call that put it ends. Every member throws a <see cref="FaultException"/>,
/// Unavailable, where it may work later: what a file was to hold is still in the log.
/// </remarks>
internal interface ILakeFiles
{
    /// <summary>Names of the files in a directory that begin with a text, and their sizes in bytes, in ordinal order.</summary>
    ValueTask<IReadOnlyList<(string Name, long Bytes)>> ListAsync(string directory, string prefix, CancellationToken stop);

    /// <returns>The caller's to dispose, at its beginning; null where there is no such file.</returns>
    ValueTask<ChunkStream?> ReadAsync(string path, CancellationToken stop);

    /// <summary>Replaces a file of that path.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="content">From its beginning; the caller's to dispose.</param>
    /// <param name="stop">Ends it early; whether the file is there is not known then.</param>
    ValueTask PutAsync(string path, ChunkStream content, CancellationToken stop);

    /// <summary>Those that are not there are no matter.</summary>
    ValueTask DeleteAsync(string directory, IReadOnlyList<string> names, CancellationToken stop);
}
