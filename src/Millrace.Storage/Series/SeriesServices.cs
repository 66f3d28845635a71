using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts.Objects;

namespace Millrace.Storage.Series;

/// <summary>What the series store needs of others, and can do without.</summary>
public sealed record SeriesServices
{
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Gets a copy of every file. The caller's, until the store is disposed.</summary>
    public IObjectBucket? Bucket { get; init; }

    /// <summary>The id of the directory of logs that flows read (<see cref="Files.DirectoryId"/>); null: it is always the same one.</summary>
    public string? Logs { get; init; }
}
