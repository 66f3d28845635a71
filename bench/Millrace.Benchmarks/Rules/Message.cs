namespace Millrace.Benchmarks.Rules;

/// <summary>What a device published.</summary>
internal sealed record Message(byte[] Topic, byte[] Payload);
