using System.Net;
using Millrace.Simulator;

namespace Millrace.Server.Cli;

/// <summary>What the verb simulate hands to the simulator.</summary>
internal sealed record SimulatorRun(IReadOnlyList<FleetOptions> Fleets, IPEndPoint Mqtt, TimeSpan? For);
