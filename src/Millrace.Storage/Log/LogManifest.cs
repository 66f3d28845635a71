using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>The file <c>log.json</c> of a log: what holds for as long as the log exists. Written before its first partition.</summary>
/// <param name="Partitions">How many.</param>
/// <param name="Keys"><c>md5</c>; null: by CRC.</param>
/// <param name="Deleted">Its records are being deleted, and nobody sees them any more.</param>
internal sealed record LogManifest(
    [property: JsonPropertyName("partitions")] int Partitions,
    [property: JsonPropertyName("keys")] string? Keys = null,
    [property: JsonPropertyName("deleted")] bool Deleted = false)
{
    private const int MostPartitions = 1024;
    private const int LongestName = 128;
    private const string Md5 = "md5";

    public LogRouting Routing => Keys == Md5 ? LogRouting.Md5 : LogRouting.Crc;

    /// <summary>What stands in the file, or is written there now.</summary>
    /// <param name="disk">The data directory.</param>
    /// <param name="name">Of the log.</param>
    /// <param name="partitions">Those of a new log; one that exists must have as many.</param>
    /// <param name="routing">Of a new log. One that exists goes over from CRC to MD5 where that is asked for, and never back.</param>
    /// <param name="changed">Whether it went over now: what is put from now on may find another partition than what is there with the same key.</param>
    public static LogManifest ReadOrWrite(IDisk disk, string name, int partitions, LogRouting routing, out bool changed)
    {
        changed = false;
        if (!IsName(name))
            throw new FaultException(Fault.Refused, $"'{name}' cannot be the name of a log: 1 to {LongestName} letters, digits, '_', '-' and '.', not beginning with a dot");
        if (partitions is < 1 or > MostPartitions)
            throw new FaultException(Fault.Refused, $"log {name} cannot have {partitions} partitions: 1 to {MostPartitions}");

        var wanted = new LogManifest(partitions, routing == LogRouting.Md5 ? Md5 : null);
        if (Read(disk, name) is not { } there)
        {
            if (HasSegments(disk, name))
                throw new FaultException(Fault.Corrupt, $"{PathOf(name)} is missing, though the log has records; restore it: {{\"partitions\":n}}, n being the number of directories beside it");
            Write(disk, name, wanted);
            return wanted;
        }

        // The last life may have ended between naming it and syncing the name.
        disk.SyncDirectory(DirectoryOf(name));
        if (there.Deleted)
        {
            RemoveDeleted(disk, name, there);
            Write(disk, name, wanted);
            return wanted;
        }

        Compare(name, partitions, there.Partitions);
        if (routing == there.Routing || routing == LogRouting.Crc) return there;
        changed = true;
        Write(disk, name, wanted);
        return wanted;
    }

    /// <returns>Null where there is no such log.</returns>
    public static LogManifest? Read(IDisk disk, string name) => AtomicFile.Read(disk, PathOf(name)) is { } bytes ? Parse(PathOf(name), bytes) : null;

    /// <summary>From now on there is no such log, whatever stands in its directory.</summary>
    public static void MarkDeleted(IDisk disk, string name, int partitions) => Write(disk, name, new LogManifest(partitions, Deleted: true));

    /// <summary>Removes what a log that is marked as deleted has left. May be called again.</summary>
    public static void RemoveDeleted(IDisk disk, string name, LogManifest manifest)
    {
        for (var i = 0; i < manifest.Partitions; i++)
        {
            var directory = $"{DirectoryOf(name)}/{i}";
            foreach (var file in disk.List(directory)) disk.Delete($"{directory}/{file}");
            disk.SyncDirectory(directory);
        }

        disk.Delete(PathOf(name));
        disk.SyncDirectory(DirectoryOf(name));
    }

    public static void Compare(string name, int wanted, int existing)
    {
        if (wanted != existing)
            throw new FaultException(Fault.Refused, $"log {name} has {existing} partitions, not {wanted}, and keeps them: its keys would change their partition");
    }

    private static void Write(IDisk disk, string name, LogManifest manifest)
    {
        var text = new StringBuilder($"{{\"partitions\":{manifest.Partitions}");
        if (manifest.Keys is { } keys) text.Append($",\"keys\":\"{keys}\"");
        if (manifest.Deleted) text.Append(",\"deleted\":true");
        AtomicFile.Write(disk, PathOf(name), Encoding.UTF8.GetBytes(text.Append('}').ToString()));
    }

    private static LogManifest Parse(string path, byte[] bytes)
    {
        try
        {
            if (JsonSerializer.Deserialize<LogManifest>(bytes) is { Partitions: >= 1 and <= MostPartitions, Keys: null or Md5 } manifest) return manifest;
        }
        catch (JsonException e)
        {
            throw Corrupt(path, e);
        }

        throw Corrupt(path, null);
    }

    private static bool HasSegments(IDisk disk, string name) =>
        disk.List(DirectoryOf(name)).Any(entry => entry.All(char.IsAsciiDigit) && disk.List($"{DirectoryOf(name)}/{entry}").Any(Segment.IsSegment));

    private static string DirectoryOf(string name) => $"{LogStore.Root}/{name}";

    private static string PathOf(string name) => $"{DirectoryOf(name)}/log.json";

    private static FaultException Corrupt(string path, Exception? e) =>
        new(Fault.Corrupt, $"{path} is not what was written; restore it: {{\"partitions\":n}}, n being the number of directories beside it", e);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name[0] != '.' && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
