using System.Buffers.Binary;
using System.Globalization;
using Millrace.Contracts;
using Millrace.Storage.Documents;
using Millrace.Storage.Files;
using Millrace.Storage.Lake;
using Millrace.Storage.Log;
using Millrace.Storage.Series;

namespace Millrace.Storage.Verify;

/// <summary>Reads a whole data directory and reports everything that is not as it was written. Changes nothing; nothing is passed over without a word.</summary>
/// <param name="disk">The data directory, of which no server has hold.</param>
/// <param name="found">Told of each fault.</param>
public sealed class DataVerify(IDisk disk, Action<DiskFault> found)
{
    private static readonly string[] Kept = ["millrace.lock", "millrace.pid", "pipeline.yaml"];

    /// <summary>What is in them says nothing by which it could be checked.</summary>
    private static readonly string[] Plain = ["objects", "ca", "reference"];

    private static readonly string[] Known = [.. Plain, "log", "documents", "checkpoints", "series", "lake", "windows"];

    private int _damages;

    /// <returns>What there is, part by part.</returns>
    public IReadOnlyList<VerifiedPart> Run(CancellationToken stop)
    {
        var parts = new List<VerifiedPart>();
        foreach (var name in disk.List("").Where(name => !Kept.Contains(name)))
        {
            stop.ThrowIfCancellationRequested();
            var before = _damages;
            string? more = null;
            var (files, bytes) = (0, 0L);
            try
            {
                if (Known.Contains(name)) (files, bytes) = Sizes(name);
                more = Verify(name, stop);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                Report(new DiskFault($"{name}: {unreadable.Message}"));
            }

            if (Known.Contains(name)) parts.Add(new VerifiedPart(name, files, bytes, _damages - before, more));
        }

        return parts;
    }

    private string? Verify(string name, CancellationToken stop) => name switch
    {
        "log" => VerifyLog(stop),
        "documents" => Run(() => new DocumentVerify(disk, Report).RunDocuments()),
        "checkpoints" => Run(() => new DocumentVerify(disk, Report).RunCheckpoints()),
        "series" => VerifySeries(stop),
        "lake" => VerifyLake(stop),
        "windows" => VerifyWindows(),
        _ when Plain.Contains(name) => "no checksums to compare with",
        DataDirectory.Unfinished => Unfinished(),
        "backup" when !DiskTree.Files(disk, name).Any() => null,
        "backup" => Note("backup: files that a backup under way, or one that broke off, holds; the next start removes them"),
        _ => Note($"{name}: is nothing of Millrace's, and was not looked at"),
    };

    private string VerifyLog(CancellationToken stop)
    {
        var verify = new LogVerify(disk, fault => Report(new DiskFault(fault.ToString(), fault.IsDamage)));
        var report = verify.Run(stop: stop);
        return string.Create(CultureInfo.InvariantCulture, $"{report.Logs} logs, {report.Segments} segments, {report.Records} records");
    }

    private static string? Run(Action verify)
    {
        verify();
        return null;
    }

    private string VerifySeries(CancellationToken stop)
    {
        var verify = new SeriesVerify(disk, Report);
        verify.Run(stop);
        return string.Create(CultureInfo.InvariantCulture, $"{verify.Rows} rows{(verify.RemoteFiles > 0 ? $"; {verify.RemoteFiles} files are only in the bucket and were not read" : "")}");
    }

    private string? VerifyLake(CancellationToken stop)
    {
        var verify = new LakeVerify(disk, Report);
        verify.Run(stop);
        return verify.Unchecked == 0 ? null : $"{verify.Unchecked} files that are neither gzip nor Parquet were not looked at";
    }

    private string? VerifyWindows()
    {
        foreach (var path in DiskTree.Files(disk, "windows"))
        {
            try
            {
                var bytes = AtomicFile.Read(disk, path) ?? [];
                if (path.EndsWith(".tmp", StringComparison.Ordinal)) Note($"{path}, byte 0: was never finished; it counts for nothing");
                else if (bytes.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Of(bytes.AsSpan(sizeof(uint))))
                    Report(DiskFault.At(path, 0, "the checksum does not fit: the flow of this name does not start. Restore the file, or remove the flow and add it anew"));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or OutOfMemoryException)
            {
                Report(DiskFault.At(path, 0, $"cannot be read: {unreadable.Message}"));
            }
        }

        return null;
    }

    private string? Unfinished()
    {
        Report(new DiskFault($"{DataDirectory.Unfinished}: a restore into this directory did not come to its end. Remove what is in it and restore again"));
        return null;
    }

    private string? Note(string text)
    {
        found(new DiskFault(text, IsDamage: false));
        return null;
    }

    private (int Files, long Bytes) Sizes(string name)
    {
        var (files, bytes) = (0, 0L);
        foreach (var path in disk.Exists(name) ? [name] : DiskTree.Files(disk, name))
        {
            files++;
            try
            {
                using var file = disk.Open(path);
                bytes += file.Length;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                // Those who check what is in it say so themselves.
                if (Plain.Contains(name)) Report(DiskFault.At(path, 0, $"cannot be read: {unreadable.Message}"));
            }
        }

        return (files, bytes);
    }

    private void Report(DiskFault fault)
    {
        if (fault.IsDamage) _damages++;
        found(fault);
    }
}
