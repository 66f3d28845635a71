namespace Millrace.Flows.Live;

/// <summary>One message as a live view shows it.</summary>
/// <param name="Topic">As published.</param>
/// <param name="Payload">Its beginning, at most 2 KiB.</param>
/// <param name="PayloadLength">Of the whole.</param>
/// <param name="At">When the log took it.</param>
public sealed record LiveMessage(string Topic, byte[] Payload, int PayloadLength, DateTimeOffset At);
