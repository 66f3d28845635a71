namespace Millrace.Gateway.Epoll;

internal enum SendOutcome
{
    Sent,

    /// <summary>The socket takes no more now; epoll will tell when it does.</summary>
    Full,

    /// <summary>The far end is.</summary>
    Gone,
}
