using System.Net;

namespace Millrace.Server.Cli;

/// <summary>Where a server listens, with the ports it really got.</summary>
public sealed record ServerStarted(IReadOnlyList<IPEndPoint> Mqtt, IPEndPoint Http);
