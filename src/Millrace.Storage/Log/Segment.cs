using System.Globalization;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>One file of a partition: the records from its first offset up to where the next segment begins.</summary>
/// <remarks>What stands in the file behind <see cref="Length"/>, or past the next segment's first offset, was never committed.</remarks>
internal sealed class Segment(string path, SegmentHeader header, uint seed, long length)
{
    private const string Suffix = ".log";
    private const string Unfinished = ".new";
    private long _length = length;
    private long _firstArrival = -1;

    public string Path { get; } = path;

    public long FirstOffset { get; } = header.FirstOffset;

    /// <summary>When it was begun, nanoseconds since 1970: no record of it arrived much before.</summary>
    public long CreatedNs { get; } = header.CreatedMs * 1_000_000;

    /// <summary>What the CRC of each frame starts from.</summary>
    public uint Seed { get; } = seed;

    public SegmentIndex Index { get; } = new(header.FirstOffset);

    /// <summary>Bytes that are committed; for a segment of an earlier life, the length of its file.</summary>
    public long Length
    {
        get => Volatile.Read(ref _length);
        set => Volatile.Write(ref _length, value);
    }

    /// <summary>When its first record arrived; null until somebody asked. Writing it twice writes the same.</summary>
    public long? FirstArrival
    {
        get => Volatile.Read(ref _firstArrival) is var known and >= 0 ? known : null;
        set => Volatile.Write(ref _firstArrival, value ?? -1);
    }

    /// <summary>Deleted, or about to be. Guarded by <see cref="SegmentFiles"/>.</summary>
    public bool Dropped { get; set; }

    public static bool IsSegment(string name) => name.EndsWith(Suffix, StringComparison.Ordinal);

    public static bool IsUnfinished(string name) => name.EndsWith(Unfinished, StringComparison.Ordinal);

    /// <summary>Makes the file, durably. Replaces one of the same name, which then holds nothing that was committed.</summary>
    public static (Segment Segment, IFile File) Create(IDisk disk, string directory, SegmentHeader header)
    {
        var path = $"{directory}/{header.FirstOffset.ToString("D20", CultureInfo.InvariantCulture)}{Suffix}";
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        var seed = header.Write(bytes);
        var file = disk.Open(path + Unfinished);
        try
        {
            file.SetLength(0);
            file.Write(0, bytes);
            file.Sync();
            disk.Rename(path + Unfinished, path);
            disk.SyncDirectory(directory);
            return (new Segment(path, header, seed, SegmentHeader.Size), file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="FaultException">Corrupt: no segment has this header.</exception>
    public static Segment Open(IDisk disk, string path)
    {
        using var file = disk.Open(path);
        return TryOpen(file, path) ?? throw Corrupt(path, 0, "the segment header is not what was written; restore this file from a copy, or move it and all older ones of this directory away");
    }

    /// <returns>Null: no segment has this header.</returns>
    public static Segment? TryOpen(IFile file, string path)
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        var read = file.Read(0, bytes);
        return SegmentHeader.TryRead(bytes[..read], out var header, out var seed) ? new Segment(path, header, seed, file.Length) : null;
    }

    public FaultException Corrupt(long position, string what) => Corrupt(Path, position, what);

    private static FaultException Corrupt(string path, long position, string what) =>
        new(Fault.Corrupt, $"{path}, byte {position}: {what}");
}
