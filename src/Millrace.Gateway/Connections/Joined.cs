using Millrace.Gateway.Sessions;

namespace Millrace.Gateway.Connections;

/// <summary>The session of a client that was let in.</summary>
/// <param name="Session">Attached to its connection.</param>
/// <param name="IsPresent">Whether it is one from before.</param>
/// <param name="Write">To be awaited before the client is told; null where nothing has to be kept.</param>
internal readonly record struct Joined(Session Session, bool IsPresent, Task? Write);
