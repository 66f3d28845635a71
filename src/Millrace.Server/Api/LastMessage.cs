namespace Millrace.Server.Api;

/// <summary>The newest message.</summary>
/// <param name="Topic">As published.</param>
/// <param name="Payload">Its beginning, at most 2 KiB.</param>
/// <param name="Encoding">utf8, or base64 where the payload is not text.</param>
/// <param name="At">When the log took it.</param>
public sealed record LastMessage(string Topic, string Payload, string Encoding, DateTimeOffset At);
