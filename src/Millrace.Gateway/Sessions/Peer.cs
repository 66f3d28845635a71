namespace Millrace.Gateway.Sessions;

/// <summary>The far end of a connection, as the transport knows it.</summary>
/// <param name="Address">For the log.</param>
/// <param name="IsLoopback">Whether the connection came in on a loopback address of this machine: only there clients may stay anonymous.</param>
public sealed record Peer(string Address, bool IsLoopback);
