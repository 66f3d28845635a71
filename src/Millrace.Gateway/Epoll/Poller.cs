using System.ComponentModel;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Gateway.Epoll;

/// <summary>One epoll instance. One thread waits; any thread may wake it.</summary>
internal sealed class Poller : IDisposable
{
    private const ulong WakeKey = ulong.MaxValue;
    private const int MostEvents = 512;

    private readonly SafeFileHandle _epoll = Owned(Libc.EpollCreate(Libc.CloseOnExec));
    private readonly SafeFileHandle _wake = Owned(Libc.EventCreate(0, Libc.CloseOnExec | Libc.SocketNonBlocking));
    private readonly EpollEvents _events = new(MostEvents);

    public Poller()
    {
        // Edge-triggered, so that nobody has to read the number that Wake writes.
        if (!Control(Libc.ControlAdd, (int)_wake.DangerousGetHandle(), EpollEvents.In | EpollEvents.EdgeTriggered, WakeKey))
            throw new Win32Exception(Libc.Errno);
    }

    /// <returns>False where the system refuses, with the reason in <see cref="Libc.Errno"/>.</returns>
    public bool Control(int operation, int handle, uint interest, ulong key)
    {
        Span<byte> wanted = stackalloc byte[EpollEvents.Size];
        EpollEvents.Write(wanted, interest, key);
        return Libc.EpollControl(_epoll, operation, handle, wanted) == 0;
    }

    /// <param name="milliseconds">-1: until something is ready.</param>
    /// <returns>How many events there are to look at; a wake-up counts, and names a key that nobody has.</returns>
    public int Wait(int milliseconds)
    {
        var count = Libc.EpollWait(_epoll, _events.Bytes, _events.Most, milliseconds);
        if (count >= 0) return count;
        return Libc.Errno == ErrorNumber.Interrupted ? 0 : throw new Win32Exception(Libc.Errno);
    }

    public (uint Ready, ulong Key) Event(int i) => _events[i];

    public void Wake()
    {
        try
        {
            _ = Libc.Write(_wake, [1, 0, 0, 0, 0, 0, 0, 0], 8);
        }
        catch (ObjectDisposedException)
        {
            // The loop is over: nobody is there to be woken.
        }
    }

    public void Dispose()
    {
        _wake.Dispose();
        _epoll.Dispose();
    }

    private static SafeFileHandle Owned(int handle) => handle >= 0 ? new SafeFileHandle(handle, ownsHandle: true) : throw new Win32Exception(Libc.Errno);
}
