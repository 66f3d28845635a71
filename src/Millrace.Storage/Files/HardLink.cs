using System.Runtime.InteropServices;

namespace Millrace.Storage.Files;

/// <summary>A second name for a file, of the same file system.</summary>
public static partial class HardLink
{
    private const int NoEntry = 2;

    /// <summary>Both absolute.</summary>
    /// <exception cref="FileNotFoundException">There is no file of the first name, or no directory for the second.</exception>
    /// <exception cref="IOException">The file system has no hard links, the two are on different ones, or the second name is taken.</exception>
    public static void Make(string from, string to)
    {
        if (OperatingSystem.IsWindows()) throw new IOException($"{to}: hard links are not made on Windows");
        if (Native.Link(from, to) == 0) return;
        var (error, message) = (Marshal.GetLastPInvokeError(), Marshal.GetLastPInvokeErrorMessage());
        throw error == NoEntry ? new FileNotFoundException($"{from}: {message}") : new IOException($"{from} cannot be linked to {to}: {message}");
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int Link(string from, string to);
    }
}
