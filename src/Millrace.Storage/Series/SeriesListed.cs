using Millrace.Contracts;

namespace Millrace.Storage.Series;

/// <summary>What a manifest of time series lists, for who copies it.</summary>
public static class SeriesListed
{
    /// <summary>The manifest, replaced whole.</summary>
    public const string Manifest = SeriesFiles.ManifestPath;

    /// <param name="manifest">The bytes of one.</param>
    /// <returns>Its files, and of each whether it may be in the bucket alone.</returns>
    /// <exception cref="FaultException">Corrupt: it is none.</exception>
    public static IReadOnlyList<(string Path, bool MayBeRemote)> In(ReadOnlySpan<byte> manifest)
    {
        var parsed = SeriesFiles.Parse(manifest, Manifest);
        var remote = parsed.Tables.SelectMany(static table => table.Files).Where(static file => file.Remote).Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        return [.. parsed.Paths().Select(path => (path, remote.Contains(path)))];
    }
}
