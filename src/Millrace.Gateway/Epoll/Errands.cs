namespace Millrace.Gateway.Epoll;

/// <summary>What a member of a loop is asked to do, by itself or by another thread.</summary>
[Flags]
internal enum Errands
{
    None = 0,

    /// <summary>Join the loop.</summary>
    Start = 1,

    /// <summary>Send what there is.</summary>
    Send = 2,

    /// <summary>Go on where only others were let go first.</summary>
    GoOn = 4,

    /// <summary>What was awaited is there.</summary>
    Awaited = 8,

    /// <summary>The connection may be quiet now.</summary>
    Quiet = 16,

    /// <summary>It is over.</summary>
    End = 32,
}
