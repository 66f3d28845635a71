using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Storage.Series.Cold;
using Millrace.Storage.Series.Remote;

namespace Millrace.Storage.Series;

/// <summary>Finds the manifest that a store begins with: the disk's, else the bucket's, else an empty one.</summary>
internal sealed class SeriesOpening(SeriesFiles files, SeriesOptions options, SeriesServices services, RemoteTier? remote)
{
    /// <exception cref="FaultException">Corrupt: files are missing or broken. Unavailable: the disk has nothing, and the bucket does not answer.</exception>
    public Manifest Find()
    {
        var found = files.ReadManifest() ?? Restored() ?? new Manifest();
        files.CheckAllThere(found, remote?.Name);
        files.DeleteUnlisted(found);
        var manifest = found with { Store = found.Store ?? Guid.NewGuid().ToString("N") };
        if (services.Logs is { } logs && manifest.Logs != logs)
        {
            // Offsets of logs that are gone: in those that took their place other records have them.
            if (manifest.Logs is not null && manifest.Flows.Count > 0)
            {
                services.Logger.LogWarning(
                    "The logs are not those that {Flows} flows wrote time series from: they begin at the oldest record there is, and what is stored already is absorbed", manifest.Flows.Count);
                manifest = manifest with { Flows = new Dictionary<string, Checkpoint>() };
            }

            manifest = manifest with { Logs = logs };
        }

        manifest = new ParquetRewrite(files, options, services.Logger).Run(manifest);
        if (manifest != found) files.WriteManifest(manifest);
        remote?.Committed(manifest);
        return manifest;
    }

    /// <summary>The tables as a manifest has them, with their series and the names of their files.</summary>
    public SeriesTables Load(Manifest manifest, ColdStore cold)
    {
        var tables = new SeriesTables();
        var byId = new Dictionary<int, SeriesTable>();
        foreach (var known in manifest.Tables)
        {
            var table = tables.Restore(known);
            byId.Add(known.Id, table);
            table.Cold = new ColdSet(known.Files.Select(file => cold.Blocks(table, file)));
            if (known.Replaced is { } replaced) ReplacedFile.Load(files.ReadSmall(replaced), replaced, table.Replaced);
        }

        foreach (var path in manifest.Names) NamesFile.Load(files.ReadSmall(path), path, byId);
        return tables;
    }

    private Manifest? Restored()
    {
        if (remote is null) return null;
        Manifest? found;
        try
        {
            found = remote.RestoreAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (FaultException away) when (away.Fault == Fault.Unavailable)
        {
            throw new FaultException(
                Fault.Unavailable, $"the disk has no time series, and whether {remote.Name} has some is not known: {away.Message}. Start without seriesRemote to begin with none.", away);
        }

        if (found is null) return null;
        services.Logger.LogInformation(
            "Time series begin with what {Bucket} has: {Files} files of {Tables} tables, fetched when queries want them",
            remote.Name, found.Tables.Sum(static table => table.Files.Count), found.Tables.Count);
        files.WriteManifest(found);
        return found;
    }
}
