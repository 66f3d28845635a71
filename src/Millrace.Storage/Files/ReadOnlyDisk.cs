using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Storage.Files;

/// <summary>A directory that somebody else wrote, perhaps to do harm. Nothing is changed, no link below its top is followed, no pipe or device is waited for.</summary>
/// <remarks>The directories right in the root may be links: an operator may have put one of them on another disk.</remarks>
public sealed partial class ReadOnlyDisk(string root) : IDisk
{
    /// <summary>The directory, absolute.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    public long FreeBytes => 0;

    public IFile Open(string path)
    {
        var full = Full(path);
        RefuseLink(full, path);
        var handle = OpenHandle(full, path);
        try
        {
            return new OpenFile(handle, path, RandomAccess.GetLength(handle));
        }
        catch (NotSupportedException)
        {
            handle.Dispose();
            throw new IOException($"{path} is no file but a pipe or a device, which Millrace never makes; remove it");
        }
    }

    public bool Exists(string path) => File.Exists(Full(path)) || IsLink(Full(path), path);

    public IReadOnlyList<string> List(string directory)
    {
        var full = Full(directory);
        if (!Directory.Exists(full)) return [];
        RefuseLink(full, directory);
        var names = Directory.EnumerateFileSystemEntries(full).Select(static entry => Path.GetFileName(entry)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public void Rename(string from, string to) => throw Refused(from);

    public void Delete(string path) => throw Refused(path);

    public void SyncDirectory(string directory) => throw Refused(directory);

    private static NotSupportedException Refused(string path) => new($"{path} is only read");

    private string Full(string path) => Path.Combine(Root, path);

    private static void RefuseLink(string full, string path)
    {
        if (IsLink(full, path)) throw new IOException($"{path} is a symbolic link, which Millrace never makes and which is not followed; put what it leads to in its place");
    }

    private static bool IsLink(string full, string path) => path.Contains('/', StringComparison.Ordinal) && new FileInfo(full).LinkTarget is not null;

    private static SafeFileHandle OpenHandle(string full, string path)
    {
        if (!OperatingSystem.IsLinux()) return File.OpenHandle(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        // To open a pipe waits for a writer otherwise.
        var handle = Native.Open(full, Native.NonBlocking | Native.CloseOnExec);
        if (!handle.IsInvalid) return handle;
        var message = Marshal.GetLastPInvokeErrorMessage();
        handle.Dispose();
        throw new IOException($"{path} cannot be opened: {message}");
    }

    private sealed class OpenFile(SafeFileHandle handle, string path, long length) : IFile
    {
        public long Length => length;

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

        public void Write(long at, ReadOnlySpan<byte> bytes) => throw Refused(path);

        public void Sync() => throw Refused(path);

        public void SetLength(long length) => throw Refused(path);

        public void Dispose() => handle.Dispose();
    }

    private static partial class Native
    {
        internal const int NonBlocking = 0x800;
        internal const int CloseOnExec = 0x80000;

        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial SafeFileHandle Open(string path, int flags);
    }
}
