using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Storage.Files;

namespace Millrace.Storage.Backup;

/// <summary>Copies an image into a new directory, with the checksum of each file; a file that an older backup has is taken over from there.</summary>
/// <param name="image">Where the files are.</param>
/// <param name="target">A new directory; finished by <see cref="Finish"/>.</param>
/// <param name="older">The files of an older backup, by path; empty: there is none.</param>
/// <param name="takeOver">Gives a file of the older backup, relative to it, the same name in the target; false: it cannot, and the file is copied.</param>
public sealed class BackupWriter(IDisk image, IDisk target, IReadOnlyDictionary<string, BackupFile> older, Func<string, bool> takeOver)
{
    private const int Piece = 1024 * 1024;

    private readonly byte[] _buffer = new byte[Piece];
    private readonly List<BackupFile> _files = [];

    /// <summary>Bytes that were not copied, as the older backup has them.</summary>
    public long TakenOver { get; private set; }

    /// <param name="part">Of the image.</param>
    /// <param name="read">Told of each piece that was read.</param>
    /// <param name="stop">Looked at between pieces.</param>
    /// <exception cref="IOException">With the file: it became shorter or cannot be read, or the target cannot be written.</exception>
    public void Copy(BackupPart part, Action<long> read, CancellationToken stop)
    {
        using var file = image.Open(part.Path);
        var path = $"{BackupManifest.Data}/{part.Path}";
        if (older.TryGetValue(part.Path, out var before) && before.Bytes == part.Bytes && Read(file, part, null, static _ => { }, stop) == before.Sha256 && takeOver(path))
        {
            _files.Add(before);
            TakenOver += part.Bytes;
            read(part.Bytes);
            return;
        }

        using var copy = target.Open(path);
        _files.Add(new BackupFile(part.Path, part.Bytes, Read(file, part, copy, read, stop)));
        copy.Sync();
    }

    /// <summary>Makes it a backup.</summary>
    /// <param name="taken">When the image was begun.</param>
    public BackupManifest Finish(DateTimeOffset taken)
    {
        foreach (var directory in _files.Select(static file => AtomicFile.DirectoryOf($"{BackupManifest.Data}/{file.Path}")).Distinct()) target.SyncDirectory(directory);
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, taken, [.. _files.OrderBy(static file => file.Path, StringComparer.Ordinal)]);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest);
        AtomicFile.Write(target, BackupManifest.SumName, Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  {BackupManifest.FileName}\n"));
        AtomicFile.Write(target, BackupManifest.FileName, bytes);
        return manifest;
    }

    private string Read(IFile file, BackupPart part, IFile? copy, Action<long> read, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var at = 0L; at < part.Bytes;)
        {
            stop.ThrowIfCancellationRequested();
            var bytes = _buffer.AsSpan(0, (int)Math.Min(Piece, part.Bytes - at));
            if (file.Read(at, bytes) < bytes.Length) throw new IOException($"{part.Path} ends before its byte {part.Bytes}: is the server's disk failing?");
            hash.AppendData(bytes);
            copy?.Write(at, bytes);
            at += bytes.Length;
            read(bytes.Length);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
