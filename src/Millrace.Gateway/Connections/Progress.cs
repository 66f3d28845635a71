namespace Millrace.Gateway.Connections;

/// <summary>What a connection needs before it can go on.</summary>
public enum Progress
{
    /// <summary>Bytes: all packets that were complete are handled.</summary>
    NeedInput,

    /// <summary>Room in the log: await <see cref="Connection.WaitForRoomAsync"/>, then hand in what is left again.</summary>
    NeedRoom,

    /// <summary>
    /// That commits come or its output is taken: wait for <see cref="ITransport.Resume"/>, then hand in what is left again.
    /// </summary>
    NeedQuiet,

    /// <summary>To know who the client is: await <see cref="Connection.AuthenticateAsync"/>, then hand in what is left again.</summary>
    NeedAccess,

    /// <summary>Nothing: it is over. Take its last output and close.</summary>
    Closed,
}
