using System.Net;
using Millrace.Server.Listeners;

namespace Millrace.Server.Cli;

/// <summary>Where a server listens, with the ports it really got.</summary>
/// <param name="Devices">In the order in which they were declared.</param>
/// <param name="Http">The console and the API.</param>
public sealed record ServerStarted(IReadOnlyList<BoundListener> Devices, IPEndPoint Http);
