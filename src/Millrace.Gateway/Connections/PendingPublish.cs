using Millrace.Gateway.Sessions;

namespace Millrace.Gateway.Connections;

/// <summary>A QoS 1 message that is in the log and not safe yet.</summary>
/// <param name="Commit">The commit of its partition that makes it safe.</param>
/// <param name="PacketId">Of the PUBACK; 0 for a will, which gets none.</param>
/// <param name="Copy">For subscribers; null where there are none.</param>
internal readonly record struct PendingPublish(long Commit, ushort PacketId, KeptMessage? Copy);
