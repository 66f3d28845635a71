using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Storage.Files;

/// <summary>The real disk, under one directory.</summary>
public sealed partial class FileDisk : ILinkingDisk
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersDirectory = OwnersFile | UnixFileMode.UserExecute;

    private readonly DriveInfo _drive;
    private readonly bool _ownerOnly;

    /// <param name="root">The directory; made where there is none.</param>
    /// <param name="ownerOnly">What is made here only its owner may read.</param>
    public FileDisk(string root, bool ownerOnly = false)
    {
        Root = Path.GetFullPath(root);
        _ownerOnly = ownerOnly && !OperatingSystem.IsWindows();
        Create(Root);
        _drive = new DriveInfo(Root);
    }

    /// <summary>The directory, absolute.</summary>
    public string Root { get; }

    public long FreeBytes => _drive.AvailableFreeSpace;

    public IFile Open(string path)
    {
        var full = Full(path);
        MakeDirectory(Path.GetDirectoryName(full)!);
        var isNew = _ownerOnly && !File.Exists(full);
        var handle = File.OpenHandle(full, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (isNew && !OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, OwnersFile);
        return new OpenFile(handle);
    }

    public bool Exists(string path) => File.Exists(Full(path));

    public IReadOnlyList<string> List(string directory)
    {
        var full = Full(directory);
        if (!Directory.Exists(full)) return [];
        var names = Directory.EnumerateFileSystemEntries(full).Select(static entry => Path.GetFileName(entry)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public void Rename(string from, string to)
    {
        var target = Full(to);
        MakeDirectory(Path.GetDirectoryName(target)!);
        File.Move(Full(from), target, overwrite: true);
    }

    public void Link(string from, string to)
    {
        var target = Full(to);
        MakeDirectory(Path.GetDirectoryName(target)!);
        HardLink.Make(Full(from), target);
    }

    public void DeleteTree(string directory)
    {
        if (Directory.Exists(Full(directory))) Directory.Delete(Full(directory), recursive: true);
    }

    public void Delete(string path) => File.Delete(Full(path));

    public void SyncDirectory(string directory)
    {
        var full = Full(directory);
        MakeDirectory(full);
        SyncNames(full);
    }

    private string Full(string path) => Path.Combine(Root, path);

    /// <summary>Makes a directory and all above it, each of them durably.</summary>
    private void MakeDirectory(string full)
    {
        if (Directory.Exists(full)) return;
        var parent = Path.GetDirectoryName(full)!;
        MakeDirectory(parent);
        Create(full);
        SyncNames(parent);
    }

    private void Create(string full)
    {
        if (_ownerOnly && !OperatingSystem.IsWindows()) Directory.CreateDirectory(full, OwnersDirectory);
        else Directory.CreateDirectory(full);
    }

    private static void SyncNames(string full)
    {
        // Windows keeps names in its own journal and cannot open a directory as a file.
        if (OperatingSystem.IsWindows()) return;
        using var handle = Native.Open(full, 0);
        if (handle.IsInvalid || Native.FSync(handle) != 0)
            throw new IOException($"cannot sync directory {full}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private sealed class OpenFile(SafeFileHandle handle) : IFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(long at, Span<byte> into)
        {
            var total = 0;
            while (total < into.Length)
            {
                var read = RandomAccess.Read(handle, into[total..], at + total);
                if (read == 0) break;
                total += read;
            }

            return total;
        }

        public void Write(long at, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, at);

        public void Sync()
        {
            if (!OperatingSystem.IsLinux())
            {
                RandomAccess.FlushToDisk(handle);
                return;
            }

            // fdatasync writes the size too, but not the times: one journal write less for each commit.
            if (Native.FDataSync(handle) != 0) throw new IOException($"fdatasync: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public void Dispose() => handle.Dispose();
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial SafeFileHandle Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
        internal static partial int FSync(SafeFileHandle handle);

        [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
        internal static partial int FDataSync(SafeFileHandle handle);
    }
}
