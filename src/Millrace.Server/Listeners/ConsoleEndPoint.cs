using System.Net;

namespace Millrace.Server.Listeners;

/// <summary>Where the console and the API are: what listens there is <see cref="ConsoleTransport"/>, and not what takes devices.</summary>
internal sealed class ConsoleEndPoint(IPEndPoint at) : IPEndPoint(at.Address, at.Port);
