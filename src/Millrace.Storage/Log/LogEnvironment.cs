using Microsoft.Extensions.Logging;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>What all partitions of a store have in common.</summary>
internal sealed record LogEnvironment(IDisk Disk, LogOptions Options, TimeProvider Clock, ILogger Logger)
{
    private const int FilesOpenForReaders = 64;

    public SegmentFiles Files { get; } = new(Disk, FilesOpenForReaders);

    public long NowNs => (Clock.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
}
