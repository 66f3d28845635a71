namespace Millrace.Tests.Gateway.Model;

/// <summary>What can happen to a broker and its clients.</summary>
internal enum ModelActionKind
{
    Connect,
    Publish,
    Subscribe,
    Unsubscribe,

    /// <summary>Packets arrive at the server.</summary>
    ToServer,

    /// <summary>Packets arrive at a client.</summary>
    ToClient,

    /// <summary>A client sends acknowledgements that it owes.</summary>
    Acknowledge,
    LoseNetwork,

    /// <summary>The server finds out about a connection that is gone.</summary>
    NoticeLoss,
    Disconnect,
    CommitLog,
    CommitDocuments,

    /// <summary>The broker's own work goes on for a little.</summary>
    Work,
    PassTime,
    Crash,
}
