namespace Millrace.Gateway.Epoll;

/// <summary>How far a connection has come.</summary>
internal enum Phase : byte
{
    /// <summary>Accepted, and not with its loop yet.</summary>
    New,

    /// <summary>What arrives is read and handled.</summary>
    Open,

    /// <summary>The connection needs something else than bytes first.</summary>
    Waiting,

    /// <summary>The connection is over, and its last output is not sent yet.</summary>
    Ending,

    /// <summary>All is sent, and the far end was told that no more comes. What still arrives is thrown away.</summary>
    Lingering,

    Closed,
}
