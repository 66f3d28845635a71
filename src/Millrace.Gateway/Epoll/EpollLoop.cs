using Microsoft.Extensions.Logging;

namespace Millrace.Gateway.Epoll;

/// <summary>One thread that waits for sockets and does all that is to be done for them, one after the other.</summary>
/// <remarks>
/// A round handles what every ready socket brought, then the errands: among them is sending, so that all that came for a connection meanwhile goes
/// out in one piece. A member belongs to one loop for all its life, and needs no lock.
/// </remarks>
internal sealed class EpollLoop
{
    // A round's receive of one socket: large enough that a full pipe is read in a few calls, small enough to stay in the processor's cache.
    private const int BufferSize = 64 * 1024;

    private readonly Poller _poller = new();
    private readonly MemberTable _members = new();
    private readonly Queue<(LoopMember Member, ulong Key, long At)> _ending = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly long _patience;
    private LoopMember? _posted;
    private int _isAsleep;
    private volatile bool _isStopping;
    private bool _hasStopped;
    private int _connections;

    /// <param name="name">Of the thread.</param>
    /// <param name="broker">Its clock, its patience with those who end, and its log.</param>
    public EpollLoop(string name, Broker broker)
    {
        _time = broker.Time;
        _patience = (long)(broker.Options.CloseTimeout.TotalSeconds * _time.TimestampFrequency);
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>For bytes that arrive. Belongs to the member that is called, until it returns.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    public bool IsStopping => _isStopping;

    /// <summary>Any thread reads it, to give the next one to the loop that has the fewest.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Tells all members to stop, and ends when they have gone. Nobody may be posted here for the first time any more.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        _poller.Wake();
        return _ended.Task;
    }

    public void Joined() => Interlocked.Increment(ref _connections);

    public void Left() => Interlocked.Decrement(ref _connections);

    /// <summary>Any thread: the member has an errand.</summary>
    public void Post(LoopMember member)
    {
        LoopMember? before;
        do
        {
            before = Volatile.Read(ref _posted);
            member.Next = before;
        }
        while (Interlocked.CompareExchange(ref _posted, member, before) != before);
        if (Volatile.Read(ref _isAsleep) == 1 && Interlocked.Exchange(ref _isAsleep, 0) == 1) _poller.Wake();
    }

    /// <returns>False where the system refuses.</returns>
    public bool Add(LoopMember member, int handle, uint interest)
    {
        member.Key = _members.Add(member);
        if (_poller.Control(Libc.ControlAdd, handle, interest, member.Key)) return true;
        _members.Remove(member.Key);
        return false;
    }

    public void Change(LoopMember member, int handle, uint interest) => _poller.Control(Libc.ControlModify, handle, interest, member.Key);

    /// <summary>The descriptor is about to be closed, with which epoll forgets it.</summary>
    public void Remove(LoopMember member) => _members.Remove(member.Key);

    /// <summary>Calls <see cref="LoopMember.Expire"/> if the member is still here after the time a connection has to end.</summary>
    public void EndInTime(LoopMember member) => _ending.Enqueue((member, member.Key, _time.GetTimestamp() + _patience));

    private void Run()
    {
        while (true)
        {
            RunErrands();
            ExpireSome();
            if (_isStopping && !_hasStopped) StopAll();
            else if (_hasStopped && _members.Count == 0 && _posted is null) break;
            else WaitAndHandle();
        }

        _poller.Dispose();
        _ended.SetResult();
    }

    private void WaitAndHandle()
    {
        // Who posts after this exchange sees it and wakes; who posted before is seen by the look at the errands.
        Interlocked.Exchange(ref _isAsleep, 1);
        var count = _poller.Wait(_posted is not null ? 0 : Patience());
        Volatile.Write(ref _isAsleep, 0);
        for (var i = 0; i < count; i++)
        {
            var (ready, key) = _poller.Event(i);
            if (_members.Find(key) is not { } member) continue;
            try
            {
                member.Ready(ready);
            }
#pragma warning disable CA1031 // One connection that fails must not take the others of the loop with it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                member.Fail(failure);
            }
        }
    }

    private void RunErrands()
    {
        LoopMember? first = null;
        for (var posted = Interlocked.Exchange(ref _posted, null); posted is not null;)
        {
            // They come last first.
            var next = posted.Next;
            posted.Next = first;
            (first, posted) = (posted, next);
        }

        while (first is not null)
        {
            // From the moment its errands are taken it may be posted again, and its link is another's.
            var member = first;
            first = member.Next;
            member.Next = null;
            var errands = member.TakeErrands();
            try
            {
                member.Run(errands);
            }
#pragma warning disable CA1031 // As above.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                member.Fail(failure);
            }
        }
    }

    private void ExpireSome()
    {
        while (_ending.TryPeek(out var first) && first.At <= _time.GetTimestamp())
        {
            _ending.Dequeue();
            if (_members.Find(first.Key) == first.Member) first.Member.Expire();
        }
    }

    /// <returns>How long to wait at most, in milliseconds: until the first of those who end has had its time.</returns>
    private int Patience()
    {
        if (!_ending.TryPeek(out var first)) return -1;
        return (int)(Math.Max(0, first.At - _time.GetTimestamp()) * 1000 / _time.TimestampFrequency) + 1;
    }

    private void StopAll()
    {
        _hasStopped = true;
        foreach (var member in _members.All()) member.Stop();
    }
}
