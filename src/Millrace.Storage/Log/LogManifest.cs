using System.Text.Json;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>The file <c>log.json</c> of a log: what must stay the same for as long as the log exists. Written before its first partition.</summary>
internal static class LogManifest
{
    private const int MostPartitions = 1024;
    private const int LongestName = 128;

    public static void ReadOrWrite(IDisk disk, string name, int partitions)
    {
        if (!IsName(name))
            throw new FaultException(Fault.Refused, $"'{name}' cannot be the name of a log: 1 to {LongestName} letters, digits, '_', '-' and '.', not beginning with a dot");
        if (partitions is < 1 or > MostPartitions)
            throw new FaultException(Fault.Refused, $"log {name} cannot have {partitions} partitions: 1 to {MostPartitions}");

        var path = $"{LogStore.Root}/{name}/log.json";
        if (AtomicFile.Read(disk, path) is { } bytes)
        {
            Compare(name, partitions, Read(path, bytes));
            // The last life may have ended between naming it and syncing the name.
            disk.SyncDirectory(AtomicFile.DirectoryOf(path));
            return;
        }

        if (disk.List($"{LogStore.Root}/{name}").Contains("0"))
            throw new FaultException(Fault.Corrupt, $"{path} is missing, though the log has partitions; restore it: {{\"partitions\":n}}");
        AtomicFile.Write(disk, path, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, int> { ["partitions"] = partitions }));
    }

    public static void Compare(string name, int wanted, int existing)
    {
        if (wanted != existing)
            throw new FaultException(Fault.Refused, $"log {name} has {existing} partitions, not {wanted}, and keeps them: its keys would change their partition");
    }

    private static int Read(string path, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.GetProperty("partitions").GetInt32() is var partitions and >= 1 and <= MostPartitions) return partitions;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Corrupt(path, e);
        }

        throw Corrupt(path, null);
    }

    private static FaultException Corrupt(string path, Exception? e) =>
        new(Fault.Corrupt, $"{path} is not what was written; restore it: {{\"partitions\":n}}, n being the number of directories beside it", e);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name[0] != '.' && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
