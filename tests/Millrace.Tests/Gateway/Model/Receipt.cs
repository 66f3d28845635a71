namespace Millrace.Tests.Gateway.Model;

/// <summary>A message that a client took, once for each time.</summary>
/// <param name="Step">Of the run.</param>
/// <param name="SentMs">When the server sent it at the earliest.</param>
/// <param name="Link">The number of the network connection it came over.</param>
/// <param name="Qos">Of the delivery.</param>
/// <param name="Retain">The RETAIN bit of the delivery.</param>
/// <param name="Dup">The DUP bit of the delivery.</param>
internal readonly record struct Receipt(int Step, long SentMs, int Link, byte Qos, bool Retain, bool Dup);
