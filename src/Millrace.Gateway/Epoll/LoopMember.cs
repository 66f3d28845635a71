namespace Millrace.Gateway.Epoll;

/// <summary>Something with a file descriptor that a loop drives. Only the loop's thread calls it; other threads leave it an errand.</summary>
internal abstract class LoopMember(EpollLoop loop)
{
    private int _errands;

    /// <summary>The next one with an errand. The loop's.</summary>
    public LoopMember? Next { get; set; }

    /// <summary>Its place in the loop, and which of those who had the place it is.</summary>
    public ulong Key { get; set; }

    protected EpollLoop Loop => loop;

    /// <summary>Any thread.</summary>
    public void Post(Errands errand)
    {
        // Whoever leaves the first errand tells the loop.
        if (Interlocked.Or(ref _errands, (int)errand) == 0) loop.Post(this);
    }

    public Errands TakeErrands() => (Errands)Interlocked.Exchange(ref _errands, 0);

    public abstract void Run(Errands errands);

    /// <summary>The descriptor is ready.</summary>
    public abstract void Ready(uint events);

    /// <summary>The time given by <see cref="EpollLoop.EndInTime"/> has passed.</summary>
    public abstract void Expire();

    /// <summary>One of the others threw: the member is to go, and no other to suffer.</summary>
    public abstract void Fail(Exception failure);

    /// <summary>The listener ends.</summary>
    public abstract void Stop();
}
