using System.Buffers.Binary;
using Millrace.Storage.Files;

namespace Millrace.Storage.Lake;

/// <summary>Reads the files of the lake as far as they can be checked by themselves: gzip's checksum and length, the ends of a Parquet file. Changes nothing.</summary>
public sealed class LakeVerify(IDisk disk, Action<DiskFault> found)
{
    private const string Root = "lake";

    private const string Next =
        "restore it from a backup, or write it anew: remove it, and run a flow of another name from the oldest record as far as the log reaches";

    /// <summary>Files that say nothing by which they could be checked.</summary>
    public int Unchecked { get; private set; }

    public void Run(CancellationToken stop)
    {
        foreach (var path in DiskTree.Files(disk, Root))
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                Verify(path, stop);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                found(DiskFault.At(path, 0, $"cannot be read: {unreadable.Message}"));
            }
        }
    }

    private void Verify(string path, CancellationToken stop)
    {
        if (path.EndsWith(".tmp", StringComparison.Ordinal)) found(DiskFault.At(path, 0, "was never finished; the flow writes it again", isDamage: false));
        else if (path.EndsWith(".gz", StringComparison.Ordinal)) VerifyGzip(path, stop);
        else if (path.EndsWith(".parquet", StringComparison.Ordinal)) VerifyParquet(path);
        else Unchecked++;
    }

    private void VerifyGzip(string path, CancellationToken stop)
    {
        using var file = disk.Open(path);
        if (GzipCheck.FirstFault(file, stop) is { } at)
            found(DiskFault.At(path, at, at == file.Length ? $"the file ends before what was compressed does; {Next}" : $"at or before this byte it is not what was compressed; {Next}"));
    }

    private void VerifyParquet(string path)
    {
        using var file = disk.Open(path);
        Span<byte> begin = stackalloc byte[4];
        Span<byte> end = stackalloc byte[8];
        if (file.Read(0, begin) < begin.Length || !begin.SequenceEqual("PAR1"u8))
            found(DiskFault.At(path, 0, $"this is not the beginning of a Parquet file; {Next}"));
        else if (file.Length < 20 || file.Read(file.Length - end.Length, end) < end.Length || !end[4..].SequenceEqual("PAR1"u8)
            || BinaryPrimitives.ReadUInt32LittleEndian(end) > file.Length - 12)
            found(DiskFault.At(path, file.Length, $"this is not the end of a Parquet file; {Next}"));
    }
}
