using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>What the kernel keeps of files in memory.</summary>
internal static partial class FileCache
{
    // POSIX_FADV_DONTNEED, as Linux has it.
    private const int NotNeeded = 4;

    /// <summary>Nothing of the files of a directory, as far as it is on disk. Needs no rights but to read them, and touches nobody else's files.</summary>
    public static void Drop(string directory)
    {
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            using var handle = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
            _ = Advise(handle, 0, 0, NotNeeded);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
