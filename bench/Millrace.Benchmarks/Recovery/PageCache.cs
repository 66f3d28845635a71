using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Benchmarks.Recovery;

/// <summary>Has the system forget what it has of files in memory, so that they are read from the disk again. Linux only.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    /// <param name="directory">All files below it, which must have been synced.</param>
    public static void Forget(string directory)
    {
        foreach (var path in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            using var file = File.OpenHandle(path, options: FileOptions.None);
            if (Native.Advise(file, 0, 0, DontNeed) != 0) throw new IOException($"{path} stays in memory");
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "posix_fadvise")]
        internal static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
    }
}
