using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Gateway.Epoll;

/// <summary>The system calls of Linux that are used here, under their own names. Below zero is a failure, told by <see cref="Errno"/>.</summary>
internal static partial class Libc
{
    public const int SocketNonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int NoSignal = 0x4000;
    public const int ShutWrite = 1;
    public const int LimitOfFiles = 7;
    public const int ControlAdd = 1;
    public const int ControlModify = 3;

    public static int Errno => Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(SafeFileHandle epoll, int operation, int handle, ReadOnlySpan<byte> epollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int EpollWait(SafeFileHandle epoll, Span<byte> events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventCreate(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(SafeFileHandle handle, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    internal static partial int Accept(SafeHandle socket, Span<byte> address, ref int addressLength, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(int socket, Span<byte> bytes, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(int socket, ReadOnlySpan<byte> bytes, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    internal static partial int GetLimit(int resource, Span<ulong> softAndHard);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    internal static partial int Shutdown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int handle);
}
