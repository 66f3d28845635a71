using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Millrace.Benchmarks.Load;

/// <summary>Linux's epoll, level-triggered: one thread waits for thousands of sockets with one call, and no other thread is woken.</summary>
/// <remarks>The asynchronous sockets of .NET cost a second receive for each wake-up; a generator must be much cheaper than what it measures.</remarks>
internal sealed partial class Epoll : IDisposable
{
    private const uint In = 1;
    private const uint Out = 4;
    private const int Add = 1;
    private const int Modify = 3;
    private const int Interrupted = 4;
    private const int MostEvents = 512;

    // struct epoll_event is packed on x86-64 only: 4 bytes of events, then (or after 4 of padding) 8 of data.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataAt + 8;

    private readonly byte[] _events = new byte[EventSize * MostEvents];
    private readonly byte[] _event = new byte[EventSize];
    private readonly int _handle = Checked(EpollCreate(0));

    public void Watch(Socket socket, int number) => Control(Add, socket, number, In);

    /// <summary>Also tells when the socket can be written to again, or no longer.</summary>
    public void WatchWrite(Socket socket, int number, bool on) => Control(Modify, socket, number, on ? In | Out : In);

    /// <summary>The numbers of the sockets that are ready; none where the time passed first.</summary>
    public int Wait(Span<int> numbers, int milliseconds)
    {
        var count = EpollWait(_handle, ref _events[0], Math.Min(numbers.Length, MostEvents), milliseconds);
        if (count < 0 && Marshal.GetLastPInvokeError() == Interrupted) return 0;
        Checked(count);
        for (var i = 0; i < count; i++)
            numbers[i] = (int)BitConverter.ToInt64(_events, (i * EventSize) + DataAt);
        return count;
    }

    public void Dispose() => _ = Close(_handle);

    private void Control(int operation, Socket socket, int number, uint events)
    {
        BitConverter.TryWriteBytes(_event, events);
        BitConverter.TryWriteBytes(_event.AsSpan(DataAt), (long)number);
        Checked(EpollControl(_handle, operation, (int)socket.SafeHandle.DangerousGetHandle(), ref _event[0]));
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int socket, ref byte epollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(int epoll, ref byte events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
