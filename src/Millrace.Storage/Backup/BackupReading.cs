using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Backup;

/// <summary>Reads a backup that may have rotted, or that somebody made up.</summary>
public static class BackupReading
{
    private const long LargestManifest = 1L << 30;
    private const int LongestPath = 4000;
    private const int Piece = 1024 * 1024;
    private const string Next = "Take this file from another copy of the backup, or restore an older one";

    /// <param name="disk">The backup.</param>
    /// <exception cref="FaultException">Corrupt: it is no backup, or its manifest is not what was written.</exception>
    public static BackupManifest Read(IDisk disk)
    {
        var bytes = Small(disk, BackupManifest.FileName);
        var sum = Encoding.UTF8.GetString(Small(disk, BackupManifest.SumName)).Split(' ')[0];
        if (!sum.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), StringComparison.Ordinal))
            throw Corrupt($"is not what {BackupManifest.SumName} says: its checksum is another one");
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(bytes, BackupJson.Default.BackupManifest);
        }
        catch (JsonException wrong)
        {
            throw Corrupt($"is no manifest of a backup: {wrong.Message}");
        }

        if (manifest is not { Format: BackupManifest.CurrentFormat }) throw Corrupt($"has format {manifest?.Format}, and this program reads {BackupManifest.CurrentFormat}");
        if (WrongIn(manifest.Files) is { } what) throw Corrupt(what);
        return manifest;
    }

    /// <summary>Compares every file with its checksum.</summary>
    /// <returns>Each that is not what was written, and each that is too many.</returns>
    public static IEnumerable<string> Check(IDisk disk, BackupManifest manifest, CancellationToken stop)
    {
        foreach (var file in manifest.Files)
            if (WrongWith(disk, file, static _ => { }, stop) is { } wrong) yield return wrong;

        var listed = manifest.Files.Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var path in DiskTree.Files(disk, BackupManifest.Data))
            if (!listed.Contains(path[(BackupManifest.Data.Length + 1)..])) yield return $"{path}: {BackupManifest.FileName} does not list it; remove it: restore leaves it out";
    }

    /// <summary>Reads a file of a backup.</summary>
    /// <param name="disk">The backup.</param>
    /// <param name="file">One of its manifest.</param>
    /// <param name="take">Gets its bytes, before anybody knows whether they are right.</param>
    /// <param name="stop">Looked at between pieces.</param>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? WrongWith(IDisk disk, BackupFile file, Action<ReadOnlyMemory<byte>> take, CancellationToken stop)
    {
        var path = $"{BackupManifest.Data}/{file.Path}";
        if (!disk.Exists(path)) return $"{path}: is missing. {Next}";
        if (Unreadable(() => disk.Open(path), out var open) is { } closed) return $"{path}: cannot be read: {closed}";
        using var opened = open!;
        if (opened.Length != file.Bytes) return $"{path}, byte {Math.Min(opened.Length, file.Bytes)}: it has {opened.Length} bytes, and had {file.Bytes}. {Next}";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(Piece, Math.Max(1, file.Bytes))];
        for (var at = 0L; at < file.Bytes;)
        {
            stop.ThrowIfCancellationRequested();
            var from = at;
            if (Unreadable(() => opened.Read(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, file.Bytes - from))), out var read) is { } refused)
                return $"{path}, byte {at}: cannot be read: {refused}. {Next}";
            if (read == 0) return $"{path}, byte {at}: the file ends here, and had {file.Bytes} bytes. {Next}";
            hash.AppendData(buffer, 0, read);
            take(buffer.AsMemory(0, read));
            at += read;
        }

        return file.Sha256 == Convert.ToHexStringLower(hash.GetHashAndReset()) ? null
            : $"{path}: its checksum is another one than {BackupManifest.FileName} says, so somewhere in its {file.Bytes} bytes it is not what was copied. {Next}";
    }

    // What the disk refuses to give is a fault of the backup; what the target refuses to take is not.
    private static string? Unreadable<T>(Func<T> read, out T? value)
    {
        value = default;
        try
        {
            value = read();
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return refused.Message;
        }
    }

    private static string? WrongIn(IReadOnlyList<BackupFile> files)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (file is null) return "lists a file that is null";
            if (!IsInside(file.Path)) return $"lists the file '{Shown(file.Path)}', whose path leads out of the backup or is none";
            if (!seen.Add(file.Path)) return $"lists the file '{Shown(file.Path)}' twice";
            if (file.Bytes < 0 || file.Sha256.Length != 64 || !file.Sha256.All(char.IsAsciiHexDigitLower)) return $"lists the file '{Shown(file.Path)}' with a size or checksum that cannot be";
        }

        foreach (var path in seen)
            for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
                if (seen.Contains(path[..slash])) return $"lists '{Shown(path[..slash])}' as a file and as a directory";
        return null;
    }

    private static bool IsInside(string path) =>
        path.Length is > 0 and <= LongestPath && path[0] != '/' && !path.Any(static c => char.IsControl(c) || c == '\\') && !path.Split('/').Any(static part => part is "" or "." or "..")
        && path is not DataDirectory.Unfinished;

    private static byte[] Small(IDisk disk, string name)
    {
        if (!disk.Exists(name)) throw new FaultException(Fault.Corrupt, $"{name}: is missing: this is no backup, or one that was not finished");
        using var file = disk.Open(name);
        if (file.Length > LargestManifest) throw new FaultException(Fault.Corrupt, $"{name}: has {file.Length} bytes, more than any manifest");
        var bytes = new byte[file.Length];
        if (file.Read(0, bytes) < bytes.Length) throw new FaultException(Fault.Corrupt, $"{name}: became shorter while it was read");
        return bytes;
    }

    private static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "…";

    private static FaultException Corrupt(string what) => new(Fault.Corrupt, $"{BackupManifest.FileName} {what}. {Next}");
}
